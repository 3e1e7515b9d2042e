import { Link } from "react-router";
import { useOrders } from "../api/queries";
import buttons from "../components/Button.module.css";
import { Icon } from "../components/Icon";
import { MoreToSee } from "../components/MoreToSee";
import { PageHead } from "../components/PageHead";
import { Picture } from "../components/Picture";
import { EmptyState, ErrorState } from "../components/States";
import { formatMoney, useLanguage, useT } from "../i18n/language";
import styles from "./OrdersPage.module.css";

export default function OrdersPage() {
  const t = useT();
  const { language } = useLanguage();
  const { data: orders, error, refetch } = useOrders();
  if (error && !orders) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!orders) return <div style={{ minHeight: "100dvh" }} />;
  if (orders.length === 0)
    return (
      <>
        <EmptyState art="box" title={t("orders.empty")}>
          <PageHead title={t("orders.title")} />
          <p>{t("orders.empty.hint")}</p>
          <Link to="/" className={buttons.button}>
            {t("cart.start")}
          </Link>
        </EmptyState>
        <MoreToSee />
      </>
    );
  const day = new Intl.DateTimeFormat(language, { dateStyle: "medium" });
  return (
    <div className={`page ${styles.narrow}`}>
      <PageHead title={t("orders.title")} />
      <h1>{t("orders.title")}</h1>
      <ul>
        {orders.map((order) => (
          <li key={order.number}>
            <Link to={`/orders/${order.number}`} className={styles.order}>
              <span className={styles.stack}>
                {order.items.slice(0, 3).map((line) => (
                  <span key={`${line.product_id}-${line.title}`}>
                    <Picture picture={line.image} sizes="56px" decorative />
                  </span>
                ))}
              </span>
              <span>
                <b>{t(`order.status.${order.status}`)}</b> <span className={styles.number}>{order.number}</span>
                <small>
                  {day.format(new Date(order.created_at))} · {t("orders.items", { count: order.items.reduce((sum, line) => sum + line.quantity, 0) })}
                </small>
              </span>
              <b>{formatMoney(order.total_cents, order.currency, language)}</b>
              <Icon name="next" size={18} />
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
