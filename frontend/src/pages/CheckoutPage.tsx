import { useState } from "react";
import type { FormEvent } from "react";
import { Navigate, useNavigate } from "react-router";
import { ApiError } from "../api/client";
import { uuid } from "../api/events";
import { useAccount, useCart, useCheckout, useOrders } from "../api/queries";
import type { Delivery } from "../api/queries";
import buttons from "../components/Button.module.css";
import { CountryField } from "../components/CountryField";
import { Field } from "../components/Field";
import { firstDelivery, HINTS, missing, NAMES, OPTIONAL } from "../components/delivery";
import type { DeliveryName } from "../components/delivery";
import { PageHead } from "../components/PageHead";
import { ErrorState } from "../components/States";
import { Totals } from "../components/Totals";
import { formatMoney, useLanguage, useT } from "../i18n/language";
import styles from "./CheckoutPage.module.css";

/** One key an attempt, kept over reloads: whatever is sent twice is ordered once. */
function attemptKey(): string {
  const known = sessionStorage.getItem("checkout-key");
  const key = known ?? uuid();
  sessionStorage.setItem("checkout-key", key);
  return key;
}

export default function CheckoutPage() {
  const t = useT();
  const { language } = useLanguage();
  const navigate = useNavigate();
  const account = useAccount();
  const orders = useOrders();
  const { data: cart, error, refetch } = useCart();
  const checkout = useCheckout();
  const [problems, setProblems] = useState<Partial<Record<string, string>>>({});
  if (error && !cart) return <ErrorState error={error} onRetry={() => void refetch()} />;
  const asked = [account, orders].every((one) => !one.isPending || one.errorUpdateCount > 0); // asked again, none takes away what was typed
  if (!cart || !asked) return <div style={{ minHeight: "100dvh" }} />;
  if (cart.items.length === 0 && !checkout.isPending && !checkout.isSuccess) return <Navigate to="/cart" replace />;

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const values = Object.fromEntries(NAMES.map((name) => [name, String(new FormData(form).get(name) ?? "").trim()])) as Delivery;
    const show = (found: Partial<Record<string, string>>) => {
      setProblems(found);
      const first = NAMES.find((name) => found[name]);
      if (first) (form.elements.namedItem(first) as HTMLElement | null)?.focus();
    };
    const wrong = missing(values);
    if (Object.keys(wrong).length > 0) return show(Object.fromEntries(Object.entries(wrong).map(([name, key]) => [name, t(key)])));
    return checkout.mutate(
      { delivery: values, key: attemptKey() },
      {
        onSuccess: (order) => {
          sessionStorage.removeItem("checkout-key");
          void navigate(`/orders/${order.number}`, { replace: true, state: { placed: true } });
        },
        onError: (failure) => {
          if (failure instanceof ApiError) show(Object.fromEntries(failure.problems.map((problem) => [problem.field ?? "", problem.message])));
          else setProblems({ "": t("offline.checkout") });
        },
      },
    );
  };
  const known = firstDelivery({ account: account.data, last: orders.data?.[0], language });
  const field = (name: Exclude<DeliveryName, "country">) => (
    <Field
      key={name}
      name={name}
      label={t(`field.${name}`)}
      problem={problems[name]}
      required={!OPTIONAL.has(name)}
      defaultValue={known[name]}
      {...HINTS[name]}
    />
  );
  /** A problem goes when its field is being put right. */
  const edited = (event: FormEvent<HTMLFormElement>) => {
    const { name } = event.target as HTMLInputElement;
    if (problems[name]) setProblems({ ...problems, [name]: undefined });
  };
  const general = problems["items"] ?? problems[""] ?? problems["payment_method"];
  return (
    <form className={`page ${styles.checkout}`} onSubmit={submit} onChange={edited} noValidate>
      <PageHead title={t("checkout.title")} />
      <div className={styles.form}>
        <h1>{t("checkout.title")}</h1>
        <fieldset className={styles.group}>
          <legend>{t("checkout.contact")}</legend>
          {field("email")}
          {field("phone")}
        </fieldset>
        <fieldset className={styles.group}>
          <legend>{t("checkout.address")}</legend>
          {field("name")}
          {field("address_line1")}
          {field("address_line2")}
          <div className={styles.pair}>
            {field("postal_code")}
            {field("city")}
          </div>
          <CountryField name="country" label={t("field.country")} problem={problems["country"]} defaultValue={known.country} />
        </fieldset>
        <fieldset className={styles.group}>
          <legend>{t("checkout.payment")}</legend>
          <label className={styles.method}>
            <input type="radio" name="payment_method" defaultChecked />
            <span>
              {t("checkout.cash")}
              <small>{t("checkout.cash.hint")}</small>
            </span>
          </label>
        </fieldset>
      </div>
      <aside className={styles.sum}>
        <h2>{t("checkout.summary")}</h2>
        <ul>
          {cart.items.map((line) => (
            <li key={line.id}>
              <span>
                {line.quantity} × {line.product.title}
              </span>
              <b>{formatMoney(line.line_total_cents, cart.currency, language)}</b>
            </li>
          ))}
        </ul>
        <Totals sums={cart} />
        {general && (
          <p role="alert" className={styles.alert}>
            {general}
          </p>
        )}
        <button type="submit" className={`${buttons.button} ${buttons.wide}`} disabled={checkout.isPending}>
          {checkout.isPending ? t("checkout.placing") : t("checkout.place", { total: formatMoney(cart.total_cents, cart.currency, language) })}
        </button>
      </aside>
    </form>
  );
}
