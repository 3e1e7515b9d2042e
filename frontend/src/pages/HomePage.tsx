import { Link } from "react-router";
import { useHome, useProduct, useProducts } from "../api/queries";
import { Icon } from "../components/Icon";
import { PageHead } from "../components/PageHead";
import { Picture } from "../components/Picture";
import { SIZES } from "../components/pictureSizes";
import { Rail, RailSkeleton } from "../components/Rail";
import { ErrorState } from "../components/States";
import { useGrowing } from "../growing";
import { useLanguage, useT } from "../i18n/language";
import { seenProducts } from "../storage";
import styles from "./HomePage.module.css";

const IDEAS = {
  en: ["quiet headphones for flying", "something for sore feet", "rain jacket for cycling", "gift for a curious child"],
  zh: ["降噪耳机", "登山靴 防水", "儿童绘本", "咖啡豆"],
};
const RECENT = 12;
const RAILS = 4;
const EAGER = 8; // departments whose pictures a phone shows first
const FEW = 3; // fewer seen products do not fill a row: they come second

/** What resembles the product that was looked at last. */
function MoreLike({ id }: { id: number }) {
  const t = useT();
  const { data: product } = useProduct(String(id));
  if (!product) return null;
  const [name = ""] = product.title.split(/[,，]/); // without its measures
  return <Rail title={t("home.because", { title: name })} products={product.similar} />;
}

export default function HomePage() {
  const t = useT();
  const { language } = useLanguage();
  const { data, error, refetch } = useHome();
  const rails = useGrowing(1, 1, RAILS);
  const seen = seenProducts().slice(0, RECENT);
  const recent = useProducts(seen);
  const returns = (recent.data?.length ?? 0) >= FEW;
  const again = <Rail title={t("home.recent")} products={recent.data ?? []} eager={returns} />;
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return (
    <>
      <PageHead indexed />
      <section className={`page ${styles.top}`}>
        <h1>{t("home.title")}</h1>
        <ul className={styles.ideas} aria-label={t("home.try")}>
          {IDEAS[language].map((idea) => (
            <li key={idea}>
              <Link to={`/search?q=${encodeURIComponent(idea)}`}>
                <Icon name="search" size={16} />
                {idea}
              </Link>
            </li>
          ))}
        </ul>
      </section>
      <section className={`page ${styles.departments}`}>
        <h2 className="visually-hidden">{t("home.departments")}</h2>
        <ul>
          {(data?.departments ?? Array.from({ length: 18 }, () => null)).map((department, number) => (
            <li key={department?.slug ?? number}>
              {department ? (
                <Link to={`/category/${department.slug}`}>
                  <span className={styles.tile}>
                    <Picture picture={department.image} sizes={SIZES.department} eager={number < EAGER} decorative />
                  </span>
                  {department.name}
                </Link>
              ) : (
                // Django writes its name and shows its picture before the app runs.
                <span className={styles.blank}>
                  <span className={styles.tile}>{number < EAGER && <Picture picture={null} sizes={SIZES.department} place={`d${number}`} />}</span>
                  <span data-department={number} />
                </span>
              )}
            </li>
          ))}
        </ul>
      </section>
      <div className={styles.rails}>
        {(!data || recent.isLoading) && <RailSkeleton title={t("home.popular")} />}
        {data && !recent.isLoading && (
          <>
            {returns && again}
            <Rail title={t("home.popular")} products={data.popular} more="/search" eager={!returns} />
            {rails > 1 && !returns && again}
            {rails > 1 && seen[0] !== undefined && <MoreLike id={seen[0]} />}
            {rails > 2 && <Rail title={t("home.deals")} products={data.deals} />}
            {rails > 3 && <Rail title={t("home.new")} products={data.new} more="/search?sort=newest" />}
          </>
        )}
      </div>
    </>
  );
}
