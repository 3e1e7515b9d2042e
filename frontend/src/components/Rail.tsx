import type { ProductCard } from "../api/types";
import { ProductTile } from "./ProductTile";
import styles from "./Rail.module.css";

/** A row of products to be swiped sideways. */
export function Rail({ title, products, eager = false }: { title: string; products: ProductCard[]; eager?: boolean }) {
  if (products.length === 0) return null;
  return (
    <section className={styles.rail}>
      <h2 className="page">{title}</h2>
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
