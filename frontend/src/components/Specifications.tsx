import { useState } from "react";
import type { ProductDetail } from "../api/types";
import { useT } from "../i18n/language";
import buttons from "./Button.module.css";
import styles from "./Specifications.module.css";

const FIRST = 8; // more than these are folded away

/** What is known about a product, line by line; its numbers last, for those who look for exactly this one. */
export function Specifications({ product }: { product: ProductDetail }) {
  const t = useT();
  const [all, setAll] = useState(false);
  const numbers = [
    { key: "brand", label: t("kind.brand"), value: product.brand },
    { key: "mpn", label: t("product.maker_number"), value: product.mpn },
    { key: "gtin", label: t("product.gtin"), value: product.gtin },
    { key: "sku", label: t("product.number"), value: product.sku },
  ];
  const rows = [...product.attributes, ...numbers].filter((row) => row.value);
  const shown = all || rows.length <= FIRST + 1 ? rows : rows.slice(0, FIRST);
  return (
    <section className={styles.specifications}>
      <h2>{t("product.details")}</h2>
      <dl>
        {shown.map((row) => (
          <div key={row.key}>
            <dt>{row.label}</dt>
            <dd>{row.value}</dd>
          </div>
        ))}
      </dl>
      {shown.length < rows.length && (
        <button type="button" className={buttons.link} onClick={() => setAll(true)}>
          {t("product.details.all", { count: rows.length })}
        </button>
      )}
    </section>
  );
}
