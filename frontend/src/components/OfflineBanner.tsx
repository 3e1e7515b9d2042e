import { useOnline } from "../api/connection";
import { useT } from "../i18n/language";
import { Icon } from "./Icon";
import styles from "./OfflineBanner.module.css";

/** Says that there is no network, and what works without one; announced, and part of the page from the start for that. */
export function OfflineBanner() {
  const t = useT();
  const online = useOnline();
  return (
    <div role="status" className={styles.place}>
      {!online && (
        <p className={styles.banner}>
          <Icon name="offline" size={18} />
          <span>
            <b>{t("offline.title")}</b> {t("offline.lead")}
          </span>
        </p>
      )}
    </div>
  );
}
