import { Link } from "react-router";
import type { Order } from "../api/types";
import { formatMoney, useLanguage } from "../i18n/language";
import styles from "./OrderLines.module.css";
import { Picture } from "./Picture";

export function OrderLines({ order }: { order: Order }) {
  const { language } = useLanguage();
  return (
    <ul className={styles.lines}>
      {order.items.map((line) => (
        <li key={`${line.product_id}-${line.title}`}>
          <span className={styles.picture}>
            <Picture picture={line.image} sizes="64px" decorative />
          </span>
          {line.product_id ? <Link to={`/product/${line.product_id}`}>{line.title}</Link> : <span>{line.title}</span>}
          <b>
            {line.quantity} × {formatMoney(line.unit_price_cents, order.currency, language)}
          </b>
        </li>
      ))}
    </ul>
  );
}
