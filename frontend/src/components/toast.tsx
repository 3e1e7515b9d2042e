import { createContext, use, useCallback, useMemo, useRef, useState } from "react";
import type { ReactNode } from "react";
import styles from "./toast.module.css";

interface Toast {
  id: number;
  text: string;
  action?: { label: string; run: () => void };
}

const SHOWN_MS = 5000;
const ToastContext = createContext<(text: string, action?: Toast["action"]) => void>(() => undefined);

export const useToast = () => use(ToastContext);

/** Short messages at the bottom of the page, announced politely; one at a time. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [toast, setToast] = useState<Toast | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const show = useCallback((text: string, action?: Toast["action"]) => {
    clearTimeout(timer.current);
    setToast({ id: Date.now(), text, ...(action ? { action } : {}) });
    timer.current = setTimeout(() => setToast(null), SHOWN_MS);
  }, []);
  const value = useMemo(() => show, [show]);
  return (
    <ToastContext value={value}>
      {children}
      <div className={styles.place} role="status">
        {toast && (
          <p key={toast.id} className={styles.toast}>
            <span>{toast.text}</span>
            {toast.action && (
              <button
                type="button"
                onClick={() => {
                  toast.action?.run();
                  setToast(null);
                }}
              >
                {toast.action.label}
              </button>
            )}
          </p>
        )}
      </div>
    </ToastContext>
  );
}
