import { useEffect, useRef } from "react";
import type { PointerEvent, ReactNode } from "react";
import { useT } from "../i18n/language";
import buttons from "./Button.module.css";
import { Icon } from "./Icon";
import styles from "./Sheet.module.css";

const CLOSING_DRAG_PX = 90;
const FLICK_PX_PER_MS = 0.5; // a short quick pull means the same as a long slow one

interface Props {
  open: boolean;
  onClose: () => void;
  title: string;
  action?: ReactNode;
  footer?: ReactNode;
  children: ReactNode;
}

/** A bottom sheet on a native dialog, which gives the focus trap, Escape and an inert page. Pulling it down closes it. */
export function Sheet({ open, onClose, title, action, footer, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const drag = useRef<{ y: number; at: number } | null>(null);
  const t = useT();
  useEffect(() => {
    const element = dialog.current;
    if (open && !element?.open) element?.showModal();
    if (!open && element?.open) element.close();
  }, [open]);
  const pull = (event: PointerEvent) => {
    if (drag.current && dialog.current) dialog.current.style.translate = `0 ${Math.max(0, event.clientY - drag.current.y)}px`;
  };
  const reset = () => {
    drag.current = null;
    if (dialog.current) dialog.current.style.translate = "";
  };
  const letGo = (event: PointerEvent) => {
    const start = drag.current;
    reset();
    if (!start) return;
    const pulled = event.clientY - start.y;
    if (pulled > CLOSING_DRAG_PX || pulled / Math.max(1, event.timeStamp - start.at) > FLICK_PX_PER_MS) onClose();
  };
  return (
    <dialog
      ref={dialog}
      className={styles.sheet}
      aria-label={title}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) onClose();
      }}
    >
      {open && (
        <div className={styles.body}>
          <header
            className={styles.head}
            onPointerDown={(event) => {
              if ((event.target as Element).closest("button")) return;
              drag.current = { y: event.clientY, at: event.timeStamp };
              event.currentTarget.setPointerCapture(event.pointerId);
            }}
            onPointerMove={pull}
            onPointerUp={letGo}
            onPointerCancel={reset}
          >
            <span className={styles.grip} />
            <h2>{title}</h2>
            {action}
            <button type="button" className={buttons.icon} onClick={onClose} aria-label={t("close")}>
              <Icon name="close" />
            </button>
          </header>
          <div className={styles.content} tabIndex={-1}>
            {children}
          </div>
          {footer && <footer className={styles.foot}>{footer}</footer>}
        </div>
      )}
    </dialog>
  );
}
