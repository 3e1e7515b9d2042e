import type { ReactNode } from "react";
import { useT } from "../i18n/language";
import { Icon } from "./Icon";
import styles from "./ResultBar.module.css";

const SORTS = ["relevance", "price_asc", "price_desc", "rating", "newest"] as const;

interface Props {
  sort: string;
  onSort: (sort: string | null) => void;
  /** Before and after the sort: the filter button, and filters to take or leave. */
  before: ReactNode;
  children: ReactNode;
}

/** Everything that narrows or orders the results, in one row that is swiped on a phone. */
export function ResultBar({ sort, onSort, before, children }: Props) {
  const t = useT();
  return (
    <div className={styles.bar}>
      {before}
      <label className={styles.sort}>
        <Icon name="sort" size={18} />
        <span className="visually-hidden">{t("sort")}</span>
        <select value={sort} onChange={(event) => onSort(event.target.value === "relevance" ? null : event.target.value)}>
          {SORTS.map((name) => (
            <option key={name} value={name}>
              {t(`sort.${name}`)}
            </option>
          ))}
        </select>
        <Icon name="down" size={16} />
      </label>
      {children}
    </div>
  );
}
