import { Link } from "react-router";
import { ApiError } from "../api/client";
import { useCart, useCartChanges } from "../api/queries";
import type { CartLine } from "../api/types";
import buttons from "../components/Button.module.css";
import { buzz } from "../components/haptics";
import { Icon } from "../components/Icon";
import { MoreToSee } from "../components/MoreToSee";
import { PageHead } from "../components/PageHead";
import { Picture } from "../components/Picture";
import { EmptyState, ErrorState } from "../components/States";
import { Stepper } from "../components/Stepper";
import { useToast } from "../components/toast";
import { Totals } from "../components/Totals";
import { formatMoney, useLanguage, useT } from "../i18n/language";
import styles from "./CartPage.module.css";

export default function CartPage() {
  const t = useT();
  const { language } = useLanguage();
  const { data: cart, error, refetch } = useCart();
  if (error && !cart) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!cart) return <div className="page" style={{ minHeight: "100dvh" }} />;
  if (cart.items.length === 0)
    return (
      <>
        <EmptyState art="cart" title={t("cart.empty")}>
          <PageHead title={t("cart.title")} />
          <p>{t("cart.empty.hint")}</p>
          <Link to="/" className={buttons.button}>
            {t("cart.start")}
          </Link>
        </EmptyState>
        <MoreToSee />
      </>
    );
  const missing = cart.free_shipping_from_cents - cart.subtotal_cents;
  const blocked = cart.items.some((line) => line.notice === "out_of_stock");
  return (
    <div className={`page ${styles.cart}`}>
      <PageHead title={t("cart.title")} />
      <section className={styles.lines}>
        <h1>{t("cart.title")}</h1>
        <ul>
          {cart.items.map((line) => (
            <Line key={line.id} line={line} />
          ))}
        </ul>
      </section>
      <aside className={styles.sum}>
        <p className={styles.free}>
          {missing > 0 ? t("cart.until_free", { amount: formatMoney(missing, cart.currency, language) }) : t("cart.is_free")}
          <progress max={cart.free_shipping_from_cents} value={Math.min(cart.subtotal_cents, cart.free_shipping_from_cents)} aria-hidden="true" />
        </p>
        <Totals sums={cart} />
      </aside>
      {blocked ? (
        <p className={`${styles.go} ${styles.notice}`}>{t("cart.out_of_stock")}</p>
      ) : (
        <Link to="/checkout" className={`${buttons.button} ${buttons.wide} ${styles.go}`}>
          {t("cart.checkout")}
        </Link>
      )}
    </div>
  );
}

function Line({ line }: { line: CartLine }) {
  const t = useT();
  const toast = useToast();
  const { language } = useLanguage();
  const { add, setQuantity, remove } = useCartChanges();
  const { product } = line;
  const bringBack = (removed: Promise<unknown>) => () => {
    buzz();
    void removed.then(() => add({ product, quantity: line.quantity })).catch(() => undefined);
  };
  const takeOut = () => {
    const removed = remove(line.id);
    toast(t("cart.removed"), { label: t("product.undo"), run: bringBack(removed) });
    removed.catch((error: unknown) => toast(error instanceof ApiError ? error.message : t("error.offline")));
  };
  return (
    <li className={styles.line}>
      <Link to={`/product/${product.id}`} className={styles.picture} tabIndex={-1} aria-hidden="true">
        <Picture picture={product.images[0]} sizes="96px" decorative />
      </Link>
      <div className={styles.text}>
        <Link to={`/product/${product.id}`} className={styles.title}>
          {product.title}
        </Link>
        {line.notice && <p className={styles.notice}>{t(`cart.${line.notice}`, { count: line.max_quantity })}</p>}
        <div className={styles.row}>
          <Stepper title={product.title} quantity={line.quantity} most={line.max_quantity} onChange={(quantity) => void setQuantity(line.id, quantity).catch(() => undefined)} />
          <button type="button" className={buttons.icon} onClick={takeOut} aria-label={`${t("cart.remove")}: ${product.title}`}>
            <Icon name="trash" size={20} />
          </button>
          <b>{formatMoney(line.line_total_cents, product.currency, language)}</b>
        </div>
      </div>
    </li>
  );
}
