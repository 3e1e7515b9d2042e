import { useState } from "react";
import type { FormEvent } from "react";
import { Link } from "react-router";
import { ApiError } from "../api/client";
import { useAccount, useAccountChanges } from "../api/queries";
import buttons from "../components/Button.module.css";
import { Field } from "../components/Field";
import { Icon } from "../components/Icon";
import { LanguageLink } from "../components/LanguageLink";
import { PageHead } from "../components/PageHead";
import { ErrorState } from "../components/States";
import { useLanguage, useT } from "../i18n/language";
import styles from "./AccountPage.module.css";

export default function AccountPage() {
  const t = useT();
  const { language } = useLanguage();
  const { data: account, error, refetch } = useAccount();
  const { signOut } = useAccountChanges();
  if (error && !account) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!account) return <div style={{ minHeight: "100dvh" }} />;
  return (
    <div className={`page ${styles.account}`}>
      <PageHead title={t("account.title")} />
      <h1>{account.is_authenticated ? t("account.hello", { name: account.name || account.email }) : t("account.title")}</h1>
      {!account.is_authenticated && <SignForm />}
      <ul className={styles.rows}>
        <li>
          <Link to="/orders">
            {t("orders.title")}
            <Icon name="next" size={18} />
          </Link>
        </li>
        <li>
          <LanguageLink>
            {t("language")}
            <span>{language === "en" ? "English" : "中文"}</span>
          </LanguageLink>
        </li>
        {account.is_authenticated && (
          <li>
            <button type="button" onClick={() => signOut.mutate()}>
              {t("account.sign_out")}
            </button>
          </li>
        )}
      </ul>
    </div>
  );
}

function SignForm() {
  const t = useT();
  const { signIn, signUp } = useAccountChanges();
  const [isNew, setIsNew] = useState(false);
  const [problems, setProblems] = useState<Partial<Record<string, string>>>({});
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? "");
    const onError = (failure: Error) =>
      setProblems(
        failure instanceof ApiError
          ? Object.fromEntries(failure.problems.map((problem) => [problem.field ?? "", problem.message]))
          : { "": t("error.offline") },
      );
    if (isNew) signUp.mutate({ email: text("email"), password: text("password"), name: text("name") }, { onError });
    else signIn.mutate({ email: text("email"), password: text("password") }, { onError });
  };
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <p>{t("account.why")}</p>
      {isNew && <Field name="name" label={t("field.name")} autoComplete="name" problem={problems["name"]} />}
      <Field name="email" type="email" inputMode="email" autoComplete="email" label={t("field.email")} problem={problems["email"]} />
      <Field name="password" type="password" autoComplete={isNew ? "new-password" : "current-password"} label={t("field.password")} problem={problems["password"]} />
      {problems[""] && <p role="alert">{problems[""]}</p>}
      <button type="submit" className={buttons.button} disabled={signIn.isPending || signUp.isPending}>
        {isNew ? t("account.sign_up") : t("account.sign_in")}
      </button>
      <button
        type="button"
        className={buttons.link}
        onClick={() => {
          setIsNew(!isNew);
          setProblems({});
        }}
      >
        {isNew ? `${t("account.has_account")} ${t("account.sign_in")}` : `${t("account.no_account")} ${t("account.sign_up")}`}
      </button>
    </form>
  );
}
