import type { ReactNode } from "react";
import type { Layout } from "../api/types";
import { useT } from "../i18n/language";
import { LayoutSwitch } from "./LayoutSwitch";
import styles from "./ResultBar.module.css";

const SORTS = ["relevance", "price_asc", "price_desc", "rating", "newest"] as const;

interface Props {
  url: URLSearchParams;
  layout: Layout;
  onLayout: (layout: Layout) => void;
  onSort: (sort: string | null) => void;
  children: ReactNode;
}

export function ResultBar({ url, layout, onLayout, onSort, children }: Props) {
  const t = useT();
  return (
    <div className={styles.bar}>
      {children}
      <label className={styles.sort}>
        <span className="visually-hidden">{t("sort")}</span>
        <select value={url.get("sort") ?? "relevance"} onChange={(event) => onSort(event.target.value === "relevance" ? null : event.target.value)}>
          {SORTS.map((sort) => (
            <option key={sort} value={sort}>
              {t(`sort.${sort}`)}
            </option>
          ))}
        </select>
      </label>
      <LayoutSwitch layout={layout} onChange={onLayout} />
    </div>
  );
}
