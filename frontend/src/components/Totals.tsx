import { formatMoney, useLanguage, useT } from "../i18n/language";
import styles from "./Totals.module.css";

interface Sums {
  subtotal_cents: number;
  shipping_cents: number;
  total_cents: number;
  currency: string;
}

export function Totals({ sums }: { sums: Sums }) {
  const t = useT();
  const { language } = useLanguage();
  const money = (cents: number) => formatMoney(cents, sums.currency, language);
  return (
    <dl className={styles.totals}>
      <div>
        <dt>{t("cart.subtotal")}</dt>
        <dd>{money(sums.subtotal_cents)}</dd>
      </div>
      <div>
        <dt>{t("cart.shipping")}</dt>
        <dd>{sums.shipping_cents ? money(sums.shipping_cents) : t("cart.free")}</dd>
      </div>
      <div className={styles.total}>
        <dt>{t("cart.total")}</dt>
        <dd>{money(sums.total_cents)}</dd>
      </div>
    </dl>
  );
}
