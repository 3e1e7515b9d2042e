import { useT } from "../i18n/language";
import { takeOver } from "../pwa/worker";
import { Notice } from "./Notice";

/** A newer version is ready; it comes when the shopper wants it, or when the store is opened the next time. */
export function UpdateNotice({ worker, onLater }: { worker: ServiceWorker; onLater: () => void }) {
  const t = useT();
  return (
    <Notice title={t("update")} action={{ label: t("update.reload"), run: () => takeOver(worker) }} dismiss={{ label: t("update.later"), run: onLater }}>
      <p>{t("update.lead")}</p>
    </Notice>
  );
}
