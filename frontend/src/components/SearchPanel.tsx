import { useT } from "../i18n/language";
import buttons from "./Button.module.css";
import styles from "./SearchBox.module.css";
import { SuggestionList } from "./SuggestionList";
import type { Row } from "./suggestionRows";

interface Props {
  id: string;
  rows: Row[];
  typed: string;
  active: number;
  onChoose: (row: Row) => void;
  onFill: (text: string) => void;
  onForget: (text?: string) => void;
}

/** What stands under the field while it has the focus. How many there are is said politely. */
export function SearchPanel({ rows, typed, onForget, ...list }: Props) {
  const t = useT();
  return (
    <div className={styles.panel}>
      <p className="visually-hidden" role="status">
        {typed ? t("search.suggestions", { count: rows.length }) : ""}
      </p>
      {!typed && rows[0]?.recent && (
        <div className={styles.head}>
          <p>{t("search.recent")}</p>
          <button type="button" className={buttons.link} onClick={() => onForget()}>
            {t("search.recent.clear")}
          </button>
        </div>
      )}
      <SuggestionList rows={rows} typed={typed} onForget={onForget} {...list} />
    </div>
  );
}
