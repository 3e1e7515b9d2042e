import type { ReactNode } from "react";
import { ApiError, Offline } from "../api/client";
import { useT } from "../i18n/language";
import buttons from "./Button.module.css";
import styles from "./States.module.css";

interface Props {
  art: string;
  title: string;
  children?: ReactNode;
}

/** An empty page that says what to do next. */
export function EmptyState({ art, title, children }: Props) {
  return (
    <div className={`page ${styles.state}`}>
      <span className={styles.art} aria-hidden="true">
        {art}
      </span>
      <h1 className={styles.title}>{title}</h1>
      {children}
    </div>
  );
}

export function ErrorState({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const t = useT();
  const known = error instanceof ApiError && error.status < 500 ? error.message : null;
  return (
    <EmptyState art={error instanceof Offline ? "☁︎" : "⚑"} title={t("error.title")}>
      <p role="alert">{error instanceof Offline ? t("error.offline") : (known ?? t("error.server"))}</p>
      <button type="button" className={buttons.button} onClick={onRetry}>
        {t("error.retry")}
      </button>
    </EmptyState>
  );
}
