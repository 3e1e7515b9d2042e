import type { Hit, Layout } from "../api/types";
import { seenProducts } from "../storage";
import { ProductTile } from "./ProductTile";
import styles from "./Hits.module.css";

interface Props {
  hits: (Hit & { queryId: string })[];
  layout: Layout;
}

export function Hits({ hits, layout }: Props) {
  const seen = new Set(seenProducts());
  return (
    <ul className={styles[layout]}>
      {hits.map((hit, number) => (
        <li key={hit.product.id}>
          <ProductTile
            product={hit.product}
            layout={layout}
            why={hit.why}
            queryId={hit.queryId}
            position={hit.position}
            eager={number < 2}
            seen={seen.has(hit.product.id)}
          />
        </li>
      ))}
    </ul>
  );
}

/** The page's final shape while the first results are on their way. */
export function HitsSkeleton({ layout }: { layout: Layout }) {
  return (
    <ul className={`${styles[layout]} ${styles.skeleton}`} aria-hidden="true">
      {Array.from({ length: 8 }, (_, number) => (
        <li key={number}>
          <span className={styles.block} />
          <span className={styles.line} />
          <span className={styles.line} />
        </li>
      ))}
    </ul>
  );
}
