import { Link } from "react-router";
import { useCategories } from "../api/queries";
import { PageHead } from "../components/PageHead";
import { Picture } from "../components/Picture";
import { ErrorState } from "../components/States";
import { useT } from "../i18n/language";
import styles from "./BrowsePage.module.css";

/** All departments with their product types. */
export default function BrowsePage() {
  const t = useT();
  const { data, error, refetch } = useCategories();
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return (
    <div className={`page ${styles.browse}`}>
      <PageHead title={t("home.departments")} indexed />
      <h1>{t("home.departments")}</h1>
      <ul className={styles.departments}>
        {(data ?? []).map((department) => (
          <li key={department.slug}>
            <h2>
              <Link to={`/category/${department.slug}`}>
                <span className={styles.art}>
                  <Picture picture={department.image} sizes="56px" decorative />
                </span>
                {department.name}
                <small>{department.count}</small>
              </Link>
            </h2>
            <ul className={styles.types}>
              {department.children.map((type) => (
                <li key={type.slug}>
                  <Link to={`/category/${type.slug}`}>{type.name}</Link>
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </div>
  );
}
