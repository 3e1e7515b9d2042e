import { Link } from "react-router";
import type { ProductCard } from "../api/types";
import { useT } from "../i18n/language";
import buttons from "./Button.module.css";
import { ProductTile } from "./ProductTile";
import styles from "./Rail.module.css";

interface Props {
  title: string;
  products: ProductCard[];
  /** The page with all of them. */
  more?: string;
  eager?: boolean;
}

/** A row of products to be swiped sideways. */
export function Rail({ title, products, more, eager = false }: Props) {
  const t = useT();
  if (products.length === 0) return null;
  return (
    <section className={styles.rail}>
      <div className={`page ${styles.head}`}>
        <h2>{title}</h2>
        {more && (
          <Link to={more} className={`${buttons.link} ${styles.more}`} aria-label={`${t("home.see_all")}: ${title}`}>
            {t("home.see_all")}
          </Link>
        )}
      </div>
      <ul tabIndex={0} aria-label={title}>
        {products.map((product, number) => (
          <li key={product.id}>
            <ProductTile product={product} eager={eager && number < 2} />
          </li>
        ))}
      </ul>
    </section>
  );
}
