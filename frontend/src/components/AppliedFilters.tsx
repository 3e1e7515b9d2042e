import { useSearchParams } from "react-router";
import type { Constraint, Facet, FacetValue } from "../api/types";
import { useLanguage, useT } from "../i18n/language";
import { rangeName, valueName } from "./facetNames";
import { Icon } from "./Icon";
import { saidFor, withoutFilter } from "../searchParams";
import styles from "./Chips.module.css";

interface Props {
  facets: Facet[];
  currency: string;
  /** Filters that the query says in words: taking one out changes the query. */
  said: Constraint[];
  onToggle: (facet: Facet, value: FacetValue) => void;
  onLift: (constraint: Constraint) => void;
  onChange: (params: URLSearchParams) => void;
  onClear: () => void;
}

/** What the results are narrowed to, in words or by hand, each removable by one tap. */
export function AppliedFilters({ facets, currency, said, onToggle, onLift, onChange, onClear }: Props) {
  const t = useT();
  const { language } = useLanguage();
  const [url] = useSearchParams();
  const spoken = said.map((one) => ({ key: `said-${one.text}`, name: one.label, remove: () => onLift(one) }));
  const picked = facets.flatMap((facet) =>
    facet.values
      .filter((value) => value.selected && !saidFor(said, facet, value))
      .map((value) => ({ key: `${facet.key}-${value.value}`, name: valueName(facet, value, t, language, currency), remove: () => onToggle(facet, value) })),
  );
  const ends = [url.get("price_min"), url.get("price_max")].map((end) => (end ? Number(end) : null)) as [number | null, number | null];
  const isBand = facets.some((facet) => facet.kind === "price" && facet.values.some((value) => value.selected && !saidFor(said, facet, value)));
  const typed = ends.some((end) => end !== null) && !isBand ? [{ key: "price", name: rangeName(...ends, t, language, currency), remove: () => onChange(withoutFilter(url, "price")) }] : [];
  const applied = [...spoken, ...picked, ...typed];
  if (applied.length === 0) return null;
  return (
    <ul className={styles.chips}>
      {applied.map(({ key, name, remove }) => (
        <li key={key}>
          <button type="button" className={styles.applied} onClick={remove} aria-label={t("filters.remove", { name })}>
            {name}
            <Icon name="close" size={16} />
          </button>
        </li>
      ))}
      {applied.length > 1 && (
        <li>
          <button type="button" className={styles.clear} onClick={onClear}>
            {t("filters.clear")}
          </button>
        </li>
      )}
    </ul>
  );
}

/** A few values that many shoppers narrow by, offered before the sheet is opened. */
export function PromotedFilters({ facets, currency, onToggle }: Pick<Props, "facets" | "currency" | "onToggle">) {
  const t = useT();
  const { language } = useLanguage();
  const best = (key: string) => {
    const facet = facets.find((one) => one.key === key);
    const value = facet?.values.filter((one) => !one.selected && one.count > 0).sort((a, b) => b.count - a.count)[0];
    return facet && value && !facet.values.some((one) => one.selected) ? [{ facet, value }] : [];
  };
  const offered = ["category", "in_stock", "rating", "price"].flatMap(best).slice(0, 4);
  if (offered.length === 0) return null;
  return (
    <ul className={styles.chips}>
      {offered.map(({ facet, value }) => (
        <li key={facet.key}>
          <button type="button" className={styles.chip} onClick={() => onToggle(facet, value)}>
            {valueName(facet, value, t, language, currency)}
            <small>{value.count}</small>
          </button>
        </li>
      ))}
    </ul>
  );
}
