import { Link } from "react-router";
import { useCategories } from "../api/queries";
import chips from "../components/Chips.module.css";
import nothing from "../components/NothingFound.module.css";
import { PageHead } from "../components/PageHead";
import { EmptyState } from "../components/States";
import { useT } from "../i18n/language";

export default function NotFoundPage() {
  const t = useT();
  const { data } = useCategories();
  return (
    <EmptyState art="compass" title={t("notfound.title")}>
      <PageHead title={t("notfound.title")} />
      <p>{t("notfound.hint")}</p>
      <ul className={nothing.departments}>
        {(data ?? []).slice(0, 10).map((department) => (
          <li key={department.slug}>
            <Link className={chips.chip} to={`/category/${department.slug}`}>
              {department.name}
            </Link>
          </li>
        ))}
      </ul>
    </EmptyState>
  );
}
