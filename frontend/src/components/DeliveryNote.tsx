import { useState } from "react";
import { useCart } from "../api/queries";
import type { ProductCard } from "../api/types";
import { formatMoney, useLanguage, useT } from "../i18n/language";
import buttons from "./Button.module.css";
import styles from "./DeliveryNote.module.css";
import { Icon } from "./Icon";

const DAY_MS = 86_400_000;
const FIRST_DAY = 2; // as "product.delivery" says: 2 to 4 days
const LAST_DAY = 4;

/** Whether it is there, when it comes and from which sum on that is free. */
export function DeliveryNote({ product, onSimilar }: { product: ProductCard; onSimilar: () => void }) {
  const t = useT();
  const { language } = useLanguage();
  const { data: cart } = useCart();
  const [now] = useState(Date.now);
  if (product.stock_status === "out_of_stock")
    return (
      <p className={styles.out}>
        <b>{t("product.out")}</b>{" "}
        <button type="button" className={buttons.link} onClick={onSimilar}>
          {t("product.out.similar")}
        </button>
      </p>
    );
  const isLow = product.stock_status === "low_stock";
  const day = new Intl.DateTimeFormat(language, { weekday: "short", month: "short", day: "numeric" });
  const dates = day.formatRange(now + FIRST_DAY * DAY_MS, now + LAST_DAY * DAY_MS);
  const paid = product.sale_price_cents ?? product.price_cents;
  const free = cart && (paid >= cart.free_shipping_from_cents ? t("product.shipping.free") : t("product.shipping", { amount: formatMoney(cart.free_shipping_from_cents, cart.currency, language) }));
  return (
    <ul className={styles.note}>
      <li className={isLow ? styles.low : styles.good}>
        <Icon name="check" size={20} />
        {isLow ? t("product.low", { count: product.stock_left ?? 0 }) : t("product.in_stock")}
      </li>
      <li>
        <Icon name="truck" size={20} />
        <span>
          {t("product.arrives", { dates })}
          <small>{free ?? t("product.delivery")}</small>
        </span>
      </li>
    </ul>
  );
}
