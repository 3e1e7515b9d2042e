import type { Layout } from "../api/types";
import { EAGER } from "./Hits";
import hits from "./Hits.module.css";
import styles from "./HitsSkeleton.module.css";
import { Picture } from "./Picture";
import { SIZES } from "./pictureSizes";
import { TileWords } from "./TileWords";

const LINES: Record<Layout, number> = { list: 4, card: 4, grid: 5 };

/** The page's final shape while the first results are on their way; it shows only after 150 ms. */
export function HitsSkeleton({ layout }: { layout: Layout }) {
  return (
    <ul className={`${hits[layout]} ${styles.skeleton} ${styles[layout]}`} aria-hidden="true">
      {Array.from({ length: 8 }, (_, number) => (
        <li key={number}>
          <span className={styles.picture}>{number < EAGER && <Picture picture={undefined} sizes={SIZES[layout]} place={number} />}</span>
          <span className={styles.text}>
            <TileWords place={number} layout={layout} />
            {Array.from({ length: LINES[layout] }, (__, line) => (
              <span key={line} className={styles.line} />
            ))}
          </span>
        </li>
      ))}
    </ul>
  );
}
