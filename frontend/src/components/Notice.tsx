import type { ReactNode } from "react";
import buttons from "./Button.module.css";
import styles from "./Notices.module.css";

interface Props {
  title: string;
  children: ReactNode;
  picture?: string;
  action?: { label: string; run: () => void };
  dismiss: { label: string; run: () => void };
}

/** A card above the tabs that stays until it is answered. */
export function Notice({ title, children, picture, action, dismiss }: Props) {
  return (
    <section className={styles.notice} aria-label={title}>
      {picture && <img src={picture} alt="" width="48" height="48" />}
      <div className={styles.text}>
        <b>{title}</b>
        {children}
      </div>
      <div className={styles.actions}>
        <button type="button" className={action ? buttons.link : buttons.button} onClick={dismiss.run}>
          {dismiss.label}
        </button>
        {action && (
          <button type="button" className={buttons.button} onClick={action.run}>
            {action.label}
          </button>
        )}
      </div>
    </section>
  );
}
