import type { Hit, Layout } from "../api/types";
import { useGrowing } from "../growing";
import { seenProducts } from "../storage";
import { ProductTile } from "./ProductTile";
import styles from "./Hits.module.css";

const ON_FIRST_SCREEN = 8;
const AT_ONCE = 4;
export const EAGER = 2; // pictures that a phone shows first

interface Props {
  hits: (Hit & { queryId: string | null })[];
  layout: Layout;
  /** Each with a control that takes it into the comparison. */
  comparable?: boolean;
}

export function Hits({ hits, layout, comparable = false }: Props) {
  const seen = new Set(seenProducts());
  const shown = useGrowing(ON_FIRST_SCREEN, AT_ONCE, hits.length);
  return (
    <ul className={styles[layout]}>
      {hits.slice(0, shown).map((hit, number) => (
        <li key={hit.product.id}>
          <ProductTile
            product={hit.product}
            layout={layout}
            why={hit.why}
            variants={hit.variants}
            queryId={hit.queryId}
            position={hit.position}
            eager={number < EAGER}
            seen={seen.has(hit.product.id)}
            comparable={comparable}
          />
        </li>
      ))}
    </ul>
  );
}
