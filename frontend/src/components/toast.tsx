import { createContext, useContext, useEffect, useState } from "react";
import type { FocusEvent, ReactNode } from "react";
import styles from "./toast.module.css";

interface Action {
  label: string;
  run: () => void;
}

interface Message {
  id: number;
  text: string;
  actions: Action[];
}

const SHOWN_MS = 6000;
const ToastContext = createContext<(text: string, ...actions: Action[]) => void>(() => undefined);

export const useToast = () => useContext(ToastContext);

/** Short messages at the bottom of the page, announced politely; one at a time. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [toast, setToast] = useState<Message | null>(null);
  const [show] = useState(() => (text: string, ...actions: Action[]) => setToast((last) => ({ id: (last?.id ?? 0) + 1, text, actions })));
  return (
    <ToastContext value={show}>
      {children}
      <div className={styles.place} role="status">
        {toast && <Toast key={toast.id} toast={toast} onDone={() => setToast((now) => (now === toast ? null : now))} />}
      </div>
    </ToastContext>
  );
}

/** Goes by itself, but not from under a finger, a pointer or the focus: then its time begins anew. */
function Toast({ toast, onDone }: { toast: Message; onDone: () => void }) {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return undefined;
    const timer = setTimeout(onDone, SHOWN_MS);
    return () => clearTimeout(timer);
  });
  const letGo = (event: FocusEvent) => setHeld(event.currentTarget.contains(event.relatedTarget));
  return (
    <p
      className={styles.toast}
      onPointerEnter={() => setHeld(true)}
      onPointerDown={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onPointerCancel={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={letGo}
    >
      <span>{toast.text}</span>
      {toast.actions.map((action) => (
        <button
          key={action.label}
          type="button"
          onClick={() => {
            onDone();
            action.run();
          }}
        >
          {action.label}
        </button>
      ))}
    </p>
  );
}
