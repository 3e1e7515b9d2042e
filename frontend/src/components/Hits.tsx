import type { Hit, Layout } from "../api/types";
import { seenProducts } from "../storage";
import { Picture } from "./Picture";
import { SIZES } from "./pictureSizes";
import { ProductTile } from "./ProductTile";
import styles from "./Hits.module.css";

const EAGER = 2; // pictures that a phone shows first

interface Props {
  hits: (Hit & { queryId: string | null })[];
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
            eager={number < EAGER}
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
          <span className={styles.block}>{number < EAGER && <Picture picture={undefined} sizes={SIZES[layout]} place={number} />}</span>
          <span className={styles.line} />
          <span className={styles.line} />
        </li>
      ))}
    </ul>
  );
}
