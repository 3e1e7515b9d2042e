import { Link } from "react-router";
import type { RelaxedConstraint } from "../api/types";
import { useT } from "../i18n/language";
import { withParam } from "../searchParams";
import buttons from "./Button.module.css";
import styles from "./RelaxedConstraints.module.css";

interface Props {
  relaxed: RelaxedConstraint[];
  url: URLSearchParams;
}

/** What the query asks for and the store has not: said in one line each, with a search that does without it. */
export function RelaxedConstraints({ relaxed, url }: Props) {
  const t = useT();
  if (relaxed.length === 0) return null;
  return (
    <ul className={styles.relaxed}>
      {relaxed.map((one) => (
        <li key={one.text}>
          {one.message}{" "}
          <Link className={buttons.link} to={`?${withParam(url, "q", one.without).toString()}`} replace>
            {t("relaxed.lift", { text: one.text })}
          </Link>
        </li>
      ))}
    </ul>
  );
}
