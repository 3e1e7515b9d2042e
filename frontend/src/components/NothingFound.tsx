import { Link } from "react-router";
import type { Category } from "../api/types";
import { useT } from "../i18n/language";
import buttons from "./Button.module.css";
import chips from "./Chips.module.css";
import styles from "./NothingFound.module.css";

interface Props {
  query: string;
  filtered: boolean;
  departments: Category[];
  onClear: () => void;
}

/** Never a blank page: what to drop, what to try, where to look. */
export function NothingFound({ query, filtered, departments, onClear }: Props) {
  const t = useT();
  return (
    <section className={styles.nothing}>
      <h2>{filtered ? t("results.none.filtered") : t("results.none", { query })}</h2>
      <p>{t("results.none.hint")}</p>
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
