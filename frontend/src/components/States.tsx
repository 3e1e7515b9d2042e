import { lazy, Suspense } from "react";
import type { ReactNode } from "react";
import { ApiError, Offline } from "../api/client";
import { useT } from "../i18n/language";
import buttons from "./Button.module.css";
import { Icon } from "./Icon";
import type { IconName } from "./Icon";
import styles from "./States.module.css";

const Nothing = () => <></>;
// Where even this cannot be loaded, the page has said what there is to say.
const KeptHere = lazy(() => import("./KeptHere").catch(() => ({ default: Nothing })));

interface Props {
  art: IconName;
  title: string;
  children?: ReactNode;
  /** Something stands below it: then it does not fill the screen. */
  followed?: boolean;
}

/** An empty page that says what to do next. */
export function EmptyState({ art, title, children, followed = false }: Props) {
  return (
    <div className={`page ${styles.state} ${followed ? styles.followed : ""}`}>
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
  const offline = error instanceof Offline;
  return (
    <>
      <EmptyState art={offline ? "offline" : "alert"} title={offline ? t("offline.missing") : t("error.title")} followed={offline}>
        <p role="alert">{offline ? t("error.offline") : (known ?? t("error.server"))}</p>
        <button type="button" className={buttons.button} onClick={onRetry}>
          {t("error.retry")}
        </button>
      </EmptyState>
      <Suspense>{offline && <KeptHere />}</Suspense>
    </>
  );
}
