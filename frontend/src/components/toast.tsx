import { createContext, useContext, useCallback, useRef, useState } from "react";
import type { ReactNode } from "react";
import styles from "./toast.module.css";

interface Action {
  label: string;
  run: () => void;
}

const SHOWN_MS = 6000;
const ToastContext = createContext<(text: string, ...actions: Action[]) => void>(() => undefined);

export const useToast = () => useContext(ToastContext);

/** Short messages at the bottom of the page, announced politely; one at a time. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [toast, setToast] = useState<{ id: number; text: string; actions: Action[] } | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const show = useCallback((text: string, ...actions: Action[]) => {
    clearTimeout(timer.current);
    setToast((last) => ({ id: (last?.id ?? 0) + 1, text, actions }));
    timer.current = setTimeout(() => setToast(null), SHOWN_MS);
  }, []);
  return (
    <ToastContext value={show}>
      {children}
      <div className={styles.place} role="status">
        {toast && (
          <p key={toast.id} className={styles.toast}>
            <span>{toast.text}</span>
            {toast.actions.map((action) => (
              <button
                key={action.label}
                type="button"
                onClick={() => {
                  setToast(null);
                  action.run();
                }}
              >
                {action.label}
              </button>
            ))}
          </p>
        )}
      </div>
    </ToastContext>
  );
}
