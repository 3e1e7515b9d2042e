import type { MouseEvent } from "react";
import { Link } from "react-router";
import { logEvent } from "../api/events";
import type { Layout, ProductCard } from "../api/types";
import { useT } from "../i18n/language";
import { AddButton } from "./AddButton";
import { Picture } from "./Picture";
import { SIZES } from "./pictureSizes";
import { Price } from "./Price";
import styles from "./ProductTile.module.css";
import { Stars } from "./Stars";

interface Props {
  product: ProductCard;
  layout?: Layout;
  why?: string | null;
  queryId?: string | null;
  position?: number | null;
  eager?: boolean;
  seen?: boolean;
  sizes?: string;
}

/** The brand stands above the title, so a title that begins with it need not say it again. */
const titleWithoutBrand = ({ title, brand }: ProductCard) => (brand && title.startsWith(`${brand} `) ? title.slice(brand.length + 1) : title);

/** One product in a list of products. The whole tile is one link; Add is a button of its own above it. */
export function ProductTile({ product, layout = "grid", why = null, queryId = null, position = null, eager = false, seen = false, sizes = SIZES[layout] }: Props) {
  const t = useT();
  const click = () => logEvent("click", product.id, queryId, position);
  return (
    <article className={styles[layout]}>
      <div className={styles.picture}>
        {layout === "card" ? <Swipe product={product} eager={eager} /> : <Picture picture={product.images[0]} sizes={sizes} eager={eager} decorative />}
        <span className={styles.badges}>
          {product.sale_price_cents !== null && <span className={styles.off}>−{Math.round(100 - (product.sale_price_cents * 100) / product.price_cents)}%</span>}
          {product.is_new && <span className={styles.new}>{t("product.new")}</span>}
        </span>
      </div>
      <div className={styles.text}>
        <p className={styles.brand}>
          {product.brand}
          {seen && <span className={styles.seen}> · {t("product.seen")}</span>}
        </p>
        <h3 className={styles.title}>
          <Link to={`/product/${product.id}`} state={{ queryId, position }} onClick={click}>
            {titleWithoutBrand(product)}
          </Link>
        </h3>
        {layout === "list" && (
          <dl className={styles.facts}>
            {product.key_attributes.slice(0, 3).map((fact) => (
              <div key={fact.key}>
                <dt>{fact.label} </dt>
                <dd>{fact.value}</dd>
              </div>
            ))}
          </dl>
        )}
        {why && (
          <p className={styles.why} title={why}>
            {why}
          </p>
        )}
        <Stars rating={product.rating_average} count={product.rating_count} long={layout === "card"} />
        <div className={styles.offer}>
          <Price cents={product.price_cents} saleCents={product.sale_price_cents} currency={product.currency} />
          <p className={product.stock_status === "in_stock" ? styles.delivery : styles.low}>
            {product.stock_status === "in_stock" && t("product.delivery")}
            {product.stock_status === "low_stock" && t("product.low", { count: product.stock_left ?? 0 })}
            {product.stock_status === "out_of_stock" && t("product.out")}
          </p>
        </div>
      </div>
      <AddButton product={product} className={styles.add} queryId={queryId} position={position} />
    </article>
  );
}

/** Several pictures side by side, to be swiped without opening the product; a tap opens it, as on all of the tile. */
function Swipe({ product, eager }: { product: ProductCard; eager: boolean }) {
  const t = useT();
  const open = (event: MouseEvent<HTMLElement>) => event.currentTarget.closest("article")?.querySelector("a")?.click();
  return (
    <div className={styles.swipe} role="group" aria-label={t("product.pictures")} tabIndex={0} onClick={open}>
      {product.images.map((picture, number) => (
        <Picture key={number} picture={picture} sizes={SIZES.card} eager={eager && number === 0} decorative />
      ))}
    </div>
  );
}
