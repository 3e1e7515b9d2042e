import { useState } from "react";
import type { Facet } from "../api/types";
import { useLanguage, useT } from "../i18n/language";
import buttons from "./Button.module.css";
import { valueName } from "./facetNames";
import type { FacetsProps } from "./Facets";
import styles from "./Facets.module.css";
import { PriceRange } from "./PriceRange";

const SHOWN = 6;

/** The values that are shown at first: what is picked, and the first ones that leave something. */
function firstValues(facet: Facet) {
  const best = [...facet.values].sort((a, b) => Number(b.count > 0) - Number(a.count > 0)).slice(0, SHOWN);
  return facet.values.filter((value) => value.selected || best.includes(value));
}

/** One facet; a value that would leave nothing is shown, but cannot be picked. */
export function FacetGroup({ facet, currency, onToggle, onChange }: Omit<FacetsProps, "facets"> & { facet: Facet }) {
  const t = useT();
  const { language } = useLanguage();
  const [open, setOpen] = useState(false);
  const [text, setText] = useState("");
  const name = (value: Facet["values"][number]) => valueName(facet, value, t, language, currency);
  const few = firstValues(facet);
  const found = facet.values.filter((value) => name(value).toLocaleLowerCase().includes(text.trim().toLocaleLowerCase()));
  const shown = text.trim() ? found : open ? facet.values : few;
  const hidden = facet.values.length - few.length;
  return (
    <fieldset className={styles.group}>
      <legend>{facet.label}</legend>
      {facet.kind === "price" && <PriceRange facet={facet} currency={currency} onChange={onChange} />}
      {facet.key === "brand" && facet.values.length > SHOWN && (
        <input
          type="search"
          className={styles.find}
          value={text}
          placeholder={t("filters.find")}
          aria-label={t("filters.find")}
          autoCapitalize="off"
          autoCorrect="off"
          spellCheck={false}
          onChange={(event) => setText(event.target.value)}
        />
      )}
      <ul>
        {shown.map((value) => (
          <li key={value.value}>
            <label className={value.count === 0 && !value.selected ? styles.none : undefined}>
              <input type="checkbox" checked={value.selected} disabled={value.count === 0 && !value.selected} onChange={() => onToggle(facet, value)} />
              <span>{name(value)}</span>
              <small>{value.count}</small>
            </label>
          </li>
        ))}
      </ul>
      {shown.length === 0 && <p className={styles.nobody}>{t("filters.find.none", { text })}</p>}
      {hidden > 0 && !text.trim() && (
        <button type="button" className={buttons.link} aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? t("filters.less") : t("filters.more", { count: hidden })}
        </button>
      )}
    </fieldset>
  );
}
