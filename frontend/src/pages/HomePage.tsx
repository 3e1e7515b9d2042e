import { Link } from "react-router";
import { useHome, useProducts } from "../api/queries";
import type { Home } from "../api/types";
import { PageHead } from "../components/PageHead";
import { Picture } from "../components/Picture";
import { Rail, RailSkeleton } from "../components/Rail";
import { ErrorState } from "../components/States";
import { useLanguage, useT } from "../i18n/language";
import { seenProducts } from "../storage";
import styles from "./HomePage.module.css";

const IDEAS = {
  en: ["quiet headphones for flying", "something for sore feet", "rain jacket for cycling", "gift for a curious child"],
  zh: ["降噪耳机", "登山靴 防水", "儿童绘本", "咖啡豆"],
};
const RECENT = 12;
const COLLAGE = ["audio", "kitchen", "shoes", "toys"];

/** On a wide screen the hero shows what the store is about. */
function Collage({ departments }: { departments: Home["departments"] }) {
  const chosen = COLLAGE.flatMap((slug) => departments.filter((department) => department.slug === slug));
  return (
    <div className={styles.collage} aria-hidden="true">
      {chosen.map((department) => (
        <span key={department.slug}>
          <Picture picture={department.image} sizes="180px" decorative />
        </span>
      ))}
    </div>
  );
}

export default function HomePage() {
  const t = useT();
  const { language } = useLanguage();
  const { data, error, refetch } = useHome();
  const recent = useProducts(seenProducts().slice(0, RECENT));
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return (
    <>
      <PageHead indexed />
      <section className={`page ${styles.top}`}>
        <div className={styles.hero}>
          <div className={styles.pitch}>
            <h1>{t("home.title")}</h1>
            <p>{t("home.lead")}</p>
            <ul className={styles.ideas} aria-label={t("home.try")}>
              {IDEAS[language].map((idea) => (
                <li key={idea}>
                  <Link to={`/search?q=${encodeURIComponent(idea)}`}>{idea}</Link>
                </li>
              ))}
            </ul>
          </div>
          <Collage departments={data?.departments ?? []} />
        </div>
      </section>
      <section className={`page ${styles.departments}`}>
        <h2 className="visually-hidden">{t("home.departments")}</h2>
        <ul>
          {(data?.departments ?? Array.from({ length: 18 }, () => null)).map((department, number) => (
            <li key={department?.slug ?? number}>
              {department ? (
                <Link to={`/category/${department.slug}`}>
                  <span className={styles.tile}>
                    <Picture picture={department.image} sizes="(min-width: 800px) 112px, 80px" eager={number < 8} decorative />
                  </span>
                  {department.name}
                </Link>
              ) : (
                <span className={styles.tile} />
              )}
            </li>
          ))}
        </ul>
      </section>
      <div className={styles.rails}>
        {!data && <RailSkeleton title={t("home.popular")} />}
        {data && (
          <>
            <Rail title={t("home.popular")} products={data.popular} eager />
            <Rail title={t("home.recent")} products={recent.data ?? []} />
            <Rail title={t("home.deals")} products={data.deals} />
            <Rail title={t("home.new")} products={data.new} />
          </>
        )}
      </div>
    </>
  );
}
