import type { CSSProperties } from "react";
import type { ProductCard } from "../api/types";
import { useT } from "../i18n/language";
import styles from "./RatingSummary.module.css";

/** The average in large, with how many gave it. The store knows no more of ratings, so no more is shown. */
export function RatingSummary({ product }: { product: ProductCard }) {
  const t = useT();
  const { rating_average: rating, rating_count: count } = product;
  return (
    <section className={styles.ratings}>
      <h2>{t("product.ratings")}</h2>
      {rating === null || count === 0 ? (
        <p className={styles.of}>{t("product.ratings.none")}</p>
      ) : (
        <div className={styles.summary}>
          <p className={styles.average}>{rating.toFixed(1)}</p>
          <div>
            <span className={styles.stars} aria-hidden="true" style={{ "--filled": `${rating * 20}%` } as CSSProperties}>
              ★★★★★
            </span>
            <p className={styles.of}>
              {t("product.ratings.of")} · {t("product.reviews", { count })}
            </p>
          </div>
        </div>
      )}
    </section>
  );
}
