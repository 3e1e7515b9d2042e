import { Link } from "react-router";
import type { ProductCard } from "../api/types";
import { useGrowing } from "../growing";
import { useT } from "../i18n/language";
import buttons from "./Button.module.css";
import { Picture } from "./Picture";
import { SIZES } from "./pictureSizes";
import { ProductTile } from "./ProductTile";
import styles from "./Rail.module.css";
import { TileWords } from "./TileWords";

const NARROWEST_TILE = 144; // Rail.module.css
const EAGER = 2; // pictures that a phone shows first

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
  const inView = Math.ceil(screen.width / NARROWEST_TILE);
  const shown = useGrowing(inView, inView, products.length);
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
        {products.slice(0, shown).map((product, number) => (
          <li key={product.id}>
            <ProductTile product={product} eager={eager && number < EAGER} sizes={SIZES.rail} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The place of a row whose products are on their way. */
export function RailSkeleton({ title }: { title: string }) {
  return (
    <section className={styles.rail}>
      <div className={`page ${styles.head}`}>
        <h2>{title}</h2>
      </div>
      <ul aria-hidden="true">
        {Array.from({ length: EAGER }, (_, number) => (
          <li key={number} className={styles.blank}>
            <Picture picture={undefined} sizes={SIZES.rail} place={number} />
            <span className={styles.words}>
              <TileWords place={number} layout="grid" />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
