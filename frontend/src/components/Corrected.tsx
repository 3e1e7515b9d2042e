import { Link, useLocation, useSearchParams } from "react-router";
import { useT } from "../i18n/language";
import { withParam } from "../searchParams";
import styles from "./Corrected.module.css";

/** Says that the spelling was corrected; one tap searches what was typed, under the same filters. */
export function Corrected({ query, typed }: { query: string; typed: string }) {
  const t = useT();
  const { pathname } = useLocation();
  const [url] = useSearchParams();
  return (
    <p className={styles.corrected}>
      {t("results.corrected", { query })}{" "}
      <Link to={`${pathname}?${withParam(url, "verbatim", "1")}`}>{t("results.verbatim", { query: typed })}</Link>
    </p>
  );
}
