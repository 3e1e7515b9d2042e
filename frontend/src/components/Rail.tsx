import type { ProductCard } from "../api/types";
import { Picture } from "./Picture";
import { SIZES } from "./pictureSizes";
import { ProductTile } from "./ProductTile";
import styles from "./Rail.module.css";

const EAGER = 2; // pictures that a phone shows first

/** A row of products to be swiped sideways. */
export function Rail({ title, products, eager = false }: { title: string; products: ProductCard[]; eager?: boolean }) {
  if (products.length === 0) return null;
  return (
    <section className={styles.rail}>
      <h2 className="page">{title}</h2>
      <ul tabIndex={0} aria-label={title}>
        {products.map((product, number) => (
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
      <h2 className="page">{title}</h2>
      <ul aria-hidden="true">
        {Array.from({ length: EAGER }, (_, number) => (
          <li key={number} className={styles.blank}>
            <Picture picture={undefined} sizes={SIZES.rail} place={number} />
          </li>
        ))}
      </ul>
    </section>
  );
}
