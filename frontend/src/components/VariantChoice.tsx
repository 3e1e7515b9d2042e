import { Link } from "react-router";
import type { ProductDetail } from "../api/types";
import { formatMoney, useLanguage, useT } from "../i18n/language";
import { Picture } from "./Picture";
import styles from "./VariantChoice.module.css";

type Variant = NonNullable<ProductDetail["variants"]>["products"][number];

/** The other variants of a product, each a page of its own; nothing where there are none. */
export function VariantChoice({ product }: { product: ProductDetail }) {
  const t = useT();
  if (!product.variants) return null;
  const { axes, products } = product.variants;
  return (
    <nav className={styles.choice} aria-label={t("product.variants")}>
      <h2>{axes.map((axis) => axis.label).join(", ") || t("product.variants")}</h2>
      <ul>
        {products.map((variant) => (
          <li key={variant.id}>
            <Choice variant={variant} />
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Choice({ variant }: { variant: Variant }) {
  const t = useT();
  const { language } = useLanguage();
  const isOut = variant.stock_status === "out_of_stock";
  return (
    <Link to={`/product/${variant.id}`} replace className={styles.variant} aria-current={variant.is_shown ? "true" : undefined}>
      <span className={styles.picture}>
        <Picture picture={variant.image} sizes="56px" decorative />
      </span>
      <span className={styles.name}>{variant.attributes.map((fact) => fact.value).join(" · ") || variant.title}</span>
      <span className={styles.price}>{isOut ? t("product.out") : formatMoney(variant.sale_price_cents ?? variant.price_cents, variant.currency, language)}</span>
    </Link>
  );
}
