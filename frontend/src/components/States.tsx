import type { ReactNode } from "react";
import { ApiError, Offline } from "../api/client";
import { useT } from "../i18n/language";
import buttons from "./Button.module.css";
import { Icon } from "./Icon";
import type { IconName } from "./Icon";
import styles from "./States.module.css";

interface Props {
  art: IconName;
  title: string;
  children?: ReactNode;
}

/** An empty page that says what to do next. */
export function EmptyState({ art, title, children }: Props) {
  return (
    <div className={`page ${styles.state}`}>
      <span className={styles.art}>
        <Icon name={art} size={40} />
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
    <EmptyState art={error instanceof Offline ? "offline" : "alert"} title={t("error.title")}>
      <p role="alert">{error instanceof Offline ? t("error.offline") : (known ?? t("error.server"))}</p>
      <button type="button" className={buttons.button} onClick={onRetry}>
        {t("error.retry")}
      </button>
    </EmptyState>
  );
}
