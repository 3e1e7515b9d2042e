import { useT } from "../i18n/language";
import buttons from "./Button.module.css";
import styles from "./MoreResults.module.css";

interface Props {
  shown: number;
  total: number;
  hasMore: boolean;
  isLoading: boolean;
  onMore: () => void;
}

/** How many of how many, as words and as a bar, and a button for the next ones. */
export function MoreResults({ shown, total, hasMore, isLoading, onMore }: Props) {
  const t = useT();
  return (
    <div className={styles.more}>
      <p>{t("results.shown", { shown, total })}</p>
      <span className={styles.bar} aria-hidden="true">
        <span style={{ width: `${(100 * shown) / total}%` }} />
      </span>
      {hasMore && (
        <button type="button" className={buttons.quiet} disabled={isLoading} onClick={onMore}>
          {isLoading ? t("results.loading") : t("results.more")}
        </button>
      )}
    </div>
  );
}
