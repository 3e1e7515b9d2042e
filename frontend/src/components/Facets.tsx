import type { Facet, FacetValue } from "../api/types";
import { useT } from "../i18n/language";
import { FacetGroup } from "./FacetGroup";
import styles from "./Facets.module.css";

const SHOWN = 11; // category, brand, price, rating, stock and six attributes

export interface FacetsProps {
  facets: Facet[];
  currency: string;
  onToggle: (facet: Facet, value: FacetValue) => void;
  onChange: (params: URLSearchParams) => void;
}

/** Every facet with true counts, those that few products have behind one more tap. */
export function Facets({ facets, ...actions }: FacetsProps) {
  const t = useT();
  const picked = (facet: Facet) => facet.values.some((value) => value.selected);
  const first = facets.filter((facet, number) => number < SHOWN || picked(facet));
  const rest = facets.filter((facet) => !first.includes(facet));
  const group = (facet: Facet) => <FacetGroup key={facet.key} facet={facet} {...actions} />;
  return (
    <div className={styles.facets}>
      {first.map(group)}
      {rest.length > 0 && (
        <details className={styles.rest}>
          <summary>{t("filters.rest", { count: rest.length })}</summary>
          {rest.map(group)}
        </details>
      )}
    </div>
  );
}
