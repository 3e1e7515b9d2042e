import { memo } from "react";
import { Link } from "react-router";
import { logEvent } from "../api/events";
import type { Hit, Layout, ProductCard } from "../api/types";
import { useT } from "../i18n/language";
import { AddButton } from "./AddButton";
import { CompareToggle } from "./CompareToggle";
import { Picture } from "./Picture";
import { SIZES } from "./pictureSizes";
import { Price } from "./Price";
import styles from "./ProductTile.module.css";
import { Stars } from "./Stars";
import { StockLine } from "./StockLine";
import { Swipe } from "./Swipe";
import asCard from "./TileAsCard.module.css";
import asGrid from "./TileAsGrid.module.css";
import asList from "./TileAsList.module.css";

const LOOKS = { list: asList, card: asCard, grid: asGrid };
const FACTS: Record<Layout, number> = { list: 4, card: 4, grid: 0 };
// A list shows values without their labels: there "Yes" is the label, and "No" is nothing to say.
const YES = /^(yes|是)$/i;
const NO = /^(no|否)$/i;

interface Props {
  product: ProductCard;
  layout?: Layout;
  why?: string | null;
  /** That there are more of it, in other colours or sizes. */
  variants?: Hit["variants"];
  queryId?: string | null;
  position?: number | null;
  eager?: boolean;
  seen?: boolean;
  sizes?: string;
  /** With a control that takes it into the comparison. */
  comparable?: boolean;
}

/** The brand stands above the title, so a title that begins with it need not say it again. */
const titleWithoutBrand = ({ title, brand }: ProductCard) => (brand && title.startsWith(`${brand} `) ? title.slice(brand.length + 1) : title);

/** One product in a list of products. The whole tile is one link; Add is a button of its own above it. */
export const ProductTile = memo(function ProductTile({ product, layout = "grid", why = null, variants = null, queryId = null, position = null, eager = false, seen = false, comparable = false, sizes = SIZES[layout] }: Props) {
  const t = useT();
  const look = LOOKS[layout];
  const telling = layout === "list" ? product.key_attributes.filter((fact) => !NO.test(fact.value)) : product.key_attributes;
  const facts = telling.slice(0, FACTS[layout]);
  const click = () => logEvent("click", product.id, queryId, position);
  return (
    <article className={`${styles.tile} ${look.tile}`} data-product={product.id}>
      <div className={`${styles.picture} ${look.picture}`} data-tile-picture>
        {layout === "card" ? <Swipe pictures={product.images} sizes={SIZES.card} eager={eager} /> : <Picture picture={product.images[0]} sizes={sizes} eager={eager} decorative />}
        <span className={`${styles.badges} ${look.badges}`}>
          {product.sale_price_cents !== null && <span className={styles.off}>−{Math.round(100 - (product.sale_price_cents * 100) / product.price_cents)}%</span>}
          {product.is_new && <span className={styles.new}>{t("product.new")}</span>}
        </span>
      </div>
      <div className={look.text}>
        <p className={styles.brand}>
          {product.brand}
          {seen && <span className={styles.seen}> · {t("product.seen")}</span>}
        </p>
        <h3 className={`${styles.title} ${look.title}`}>
          <Link to={`/product/${product.id}`} state={{ queryId, position }} onClick={click}>
            {titleWithoutBrand(product)}
          </Link>
        </h3>
        {facts.length > 0 && (
          <dl className={look.facts}>
            {facts.map((fact) => (
              <div key={fact.key} data-yes={YES.test(fact.value) || undefined}>
                <dt>{fact.label} </dt>
                <dd>{fact.value}</dd>
              </div>
            ))}
          </dl>
        )}
        {variants && <p className={styles.variants}>{variants.axes.map((axis) => axis.text).join(" · ") || t("product.more_variants", { count: variants.count })}</p>}
        {why && (
          <p className={`${styles.why} ${look.why}`} title={why}>
            {why}
          </p>
        )}
        <div className={look.rating}>
          <Stars rating={product.rating_average} count={product.rating_count} long={layout === "card"} />
        </div>
        <div className={look.offer}>
          <Price cents={product.price_cents} saleCents={product.sale_price_cents} currency={product.currency} large={layout === "card"} />
          <StockLine product={product} />
        </div>
      </div>
      <AddButton product={product} className={`${styles.add} ${look.add}`} queryId={queryId} position={position} />
      {comparable && <CompareToggle product={product} className={`${styles.compare} ${look.compare}`} />}
    </article>
  );
});
