import type { Layout } from "../api/types";
import styles from "./ProductTile.module.css";
import asCard from "./TileAsCard.module.css";
import asGrid from "./TileAsGrid.module.css";
import asList from "./TileAsList.module.css";

const TITLES: Record<Layout, string | undefined> = { list: asList.title, card: asCard.title, grid: asGrid.title };

/** Where Django writes the brand and the title of a product before the app runs (shop/storefront/places.py), as the
 * tile that comes will show them. `place` is the product's number on the page. */
export function TileWords({ place, layout }: { place: number; layout: Layout }) {
  return (
    <>
      <span className={styles.brand} data-brand={place} />
      <span className={`${styles.title} ${TITLES[layout] ?? ""}`} data-title={place} />
    </>
  );
}
