import { useT } from "../i18n/language";
import styles from "./SearchBox.module.css";
import { SuggestionRow } from "./SuggestionRow";
import { keyOf } from "./suggestionRows";
import type { Row } from "./suggestionRows";

interface Props {
  id: string;
  rows: Row[];
  typed: string;
  active: number;
  onChoose: (row: Row) => void;
  onFill: (text: string) => void;
  onForget: (text: string) => void;
}

/** The rows as one list to move through; under an empty field in two groups, own searches and popular ones. */
export function SuggestionList({ id, rows, typed, active, ...actions }: Props) {
  const t = useT();
  const options = (from: number, to: number) =>
    rows.slice(from, to).map((row, number) => (
      <SuggestionRow key={keyOf(row)} id={`${id}-${from + number}`} row={row} typed={typed} isActive={from + number === active} {...actions} />
    ));
  const own = rows.filter((row) => row.recent).length;
  return (
    <div id={`${id}-list`} role="listbox" aria-label={t("search")}>
      {typed ? (
        options(0, rows.length)
      ) : (
        <>
          {own > 0 && (
            <div role="group" aria-label={t("search.recent")}>
              {options(0, own)}
            </div>
          )}
          {own < rows.length && (
            <div role="group" aria-label={t("search.popular")}>
              <p className={styles.head} aria-hidden="true">
                {t("search.popular")}
              </p>
              {options(own, rows.length)}
            </div>
          )}
        </>
      )}
    </div>
  );
}
