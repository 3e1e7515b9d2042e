import { Link, useLocation, useParams } from "react-router";
import { ApiError } from "../api/client";
import { useOrder } from "../api/queries";
import buttons from "../components/Button.module.css";
import { OrderLines } from "../components/OrderLines";
import { OrderProgress } from "../components/OrderProgress";
import { PageHead } from "../components/PageHead";
import { ErrorState } from "../components/States";
import { Totals } from "../components/Totals";
import { useLanguage, useT } from "../i18n/language";
import NotFoundPage from "./NotFoundPage";
import styles from "./OrdersPage.module.css";

export default function OrderPage() {
  const t = useT();
  const { language } = useLanguage();
  const { number = "" } = useParams();
  const placed = (useLocation().state as { placed?: boolean } | null)?.placed;
  const { data: order, error, refetch } = useOrder(number);
  if (error instanceof ApiError && error.status === 404) return <NotFoundPage />;
  if (error && !order) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!order) return <div style={{ minHeight: "100dvh" }} />;
  const date = new Intl.DateTimeFormat(language, { dateStyle: "long" }).format(new Date(order.created_at));
  const country = new Intl.DisplayNames(language, { type: "region" }).of(order.address.country);
  return (
    <div className={`page ${styles.narrow}`}>
      <PageHead title={t("order.title", { number: order.number })} />
      {placed && (
        <p className={styles.thanks} role="status">
          <b>{t("order.thanks")}</b> {t("order.placed", { number: order.number })}
        </p>
      )}
      <h1>{t("order.title", { number: order.number })}</h1>
      <p className={styles.meta}>{date}</p>
      <OrderProgress status={order.status} />
      <OrderLines order={order} />
      <Totals sums={order} />
      <h2>{t("checkout.address")}</h2>
      <address className={styles.address}>
        {order.name}
        <br />
        {order.address.address_line1} {order.address.address_line2}
        <br />
        {order.address.postal_code} {order.address.city}, {country}
        <br />
        {order.email}
      </address>
      <h2>{t("checkout.payment")}</h2>
      <p className={styles.meta}>{t("checkout.cash")}</p>
      <div className={styles.next}>
        <Link to="/" className={buttons.button}>
          {t("order.keep")}
        </Link>
        <Link to="/orders" className={buttons.quiet}>
          {t("orders.title")}
        </Link>
      </div>
    </div>
  );
}
