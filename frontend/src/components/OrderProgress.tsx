import type { Order } from "../api/types";
import { useT } from "../i18n/language";
import { Icon } from "./Icon";
import styles from "./OrderProgress.module.css";

const STEPS = ["placed", "shipped", "delivered"] as const;

/** How far an order has come; one that was cancelled has no way to go. */
export function OrderProgress({ status }: { status: Order["status"] }) {
  const t = useT();
  if (status === "cancelled")
    return (
      <p className={styles.cancelled}>
        <Icon name="alert" size={20} /> {t("order.status.cancelled")}
      </p>
    );
  const reached = STEPS.indexOf(status);
  return (
    <ol className={styles.steps}>
      {STEPS.map((step, number) => (
        <li key={step} className={number <= reached ? styles.done : undefined} aria-current={number === reached ? "step" : undefined}>
          <span className={styles.mark}>{number <= reached && <Icon name="check" size={16} />}</span>
          {t(`order.status.${step}`)}
        </li>
      ))}
    </ol>
  );
}
