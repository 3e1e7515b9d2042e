import { Link } from "react-router";
import type { Category, DroppableFilter } from "../api/types";
import { useT } from "../i18n/language";
import buttons from "./Button.module.css";
import chips from "./Chips.module.css";
import { DropFilters } from "./DropFilters";
import styles from "./NothingFound.module.css";

interface Props {
  query: string;
  filtered: boolean;
  departments: Category[];
  drop: DroppableFilter[];
  linkWithout: (key: string) => string;
  onClear: () => void;
}

/** Never a blank page: what to drop, what to try, where to look. */
export function NothingFound({ query, filtered, departments, drop, linkWithout, onClear }: Props) {
  const t = useT();
  return (
    <section className={styles.nothing}>
      <h2>{filtered ? t("results.none.filtered") : t("results.none", { query })}</h2>
      <p>{t(drop.length ? "drop" : "results.none.hint")}</p>
      <DropFilters drop={drop} linkWithout={linkWithout} />
      {filtered && (
        <button type="button" className={buttons.button} onClick={onClear}>
          {t("results.none.clear")}
        </button>
      )}
      <ul className={styles.departments}>
        {departments.slice(0, 12).map((department) => (
          <li key={department.slug}>
            <Link className={chips.chip} to={`/category/${department.slug}`}>
              {department.name}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
