import { useT } from "../i18n/language";
import styles from "./Stars.module.css";

export function Stars({ rating, count, long = false }: { rating: number | null; count: number; long?: boolean }) {
  const t = useT();
  if (rating === null || count === 0) return <span className={styles.stars}></span>;
  return (
    <span className={styles.stars}>
      <span className={styles.star} aria-hidden="true">
        ★
      </span>
      <span className="visually-hidden">{t("product.rating", { rating: rating.toFixed(1) })}, </span>
      <span aria-hidden="true">{rating.toFixed(1)}</span>
      <span className={styles.count}>{long ? `· ${t("product.reviews", { count })}` : `(${count})`}</span>
    </span>
  );
}
