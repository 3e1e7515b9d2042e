import { formatMoney, useLanguage, useT } from "../i18n/language";
import styles from "./Price.module.css";

interface Props {
  cents: number;
  saleCents?: number | null;
  currency: string;
  large?: boolean;
}

/** The one place that shows a product's price; screen readers hear "was" and "now". */
export function Price({ cents, saleCents = null, currency, large = false }: Props) {
  const { language } = useLanguage();
  const t = useT();
  const className = `${styles.price} ${large ? styles.large : ""}`;
  if (saleCents === null) return <span className={className}>{formatMoney(cents, currency, language)}</span>;
  return (
    <span className={className}>
      <span className="visually-hidden">{t("product.now")} </span>
      <span className={styles.sale}>{formatMoney(saleCents, currency, language)}</span>
      <span className="visually-hidden"> {t("product.was")} </span>
      <s className={styles.was}>{formatMoney(cents, currency, language)}</s>
    </span>
  );
}
