import { Link } from "react-router";
import { useCategories } from "../api/queries";
import chips from "../components/Chips.module.css";
import nothing from "../components/NothingFound.module.css";
import { EmptyState } from "../components/States";
import { useT } from "../i18n/language";

export default function NotFoundPage() {
  const t = useT();
  const { data } = useCategories();
  return (
    <EmptyState art="compass" title={t("notfound.title")}>
      <title>{`${t("notfound.title")} · Pocketshop`}</title>
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
