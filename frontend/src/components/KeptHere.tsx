import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { useProducts } from "../api/queries";
import { useLanguage, useT } from "../i18n/language";
import { keptSearches } from "../pwa/kept";
import { recentSearches, seenProducts } from "../storage";
import chips from "./Chips.module.css";
import styles from "./KeptHere.module.css";
import { Rail } from "./Rail";

const SEEN = 12;

/** The way on without a network: searches and products that are on this phone. */
export default function KeptHere() {
  const t = useT();
  const { language } = useLanguage();
  const searches = useQuery({ queryKey: ["kept-searches", language], queryFn: () => keptSearches(recentSearches(), language), gcTime: 0 });
  const seen = useProducts(seenProducts().slice(0, SEEN));
  return (
    <div className={styles.kept}>
      {searches.data && searches.data.length > 0 && (
        <section className="page">
          <h2>{t("offline.searches")}</h2>
          <ul className={`${chips.chips} ${styles.searches}`}>
            {searches.data.map((query) => (
              <li key={query}>
                <Link to={`/search?q=${encodeURIComponent(query)}`} className={chips.chip}>
                  {query}
                </Link>
              </li>
            ))}
          </ul>
        </section>
      )}
      <Rail title={t("offline.seen")} products={seen.data ?? []} />
    </div>
  );
}
