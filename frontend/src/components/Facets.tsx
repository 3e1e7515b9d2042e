import { useState } from "react";
import type { FormEvent } from "react";
import { useSearchParams } from "react-router";
import type { Facet, FacetValue } from "../api/types";
import { useLanguage, useT } from "../i18n/language";
import { withParam } from "../searchParams";
import buttons from "./Button.module.css";
import { valueName } from "./facetNames";
import styles from "./Facets.module.css";

const SHOWN = 6;

interface Props {
  facets: Facet[];
  currency: string;
  onToggle: (facet: Facet, value: FacetValue) => void;
  onChange: (params: URLSearchParams) => void;
}

/** Every facet with true counts; a value that would leave nothing is shown, but cannot be picked. */
export function Facets({ facets, currency, onToggle, onChange }: Props) {
  return (
    <div className={styles.facets}>
      {facets.map((facet) => (
        <FacetGroup key={facet.key} facet={facet} currency={currency} onToggle={onToggle} onChange={onChange} />
      ))}
    </div>
  );
}

function FacetGroup({ facet, currency, onToggle, onChange }: Omit<Props, "facets"> & { facet: Facet }) {
  const t = useT();
  const { language } = useLanguage();
  const [open, setOpen] = useState(false);
  const shown = open ? facet.values : facet.values.filter((value, number) => number < SHOWN || value.selected);
  const hidden = facet.values.length - shown.length;
  return (
    <fieldset className={styles.group}>
      <legend>{facet.label}</legend>
      {facet.kind === "price" && <PriceRange onChange={onChange} />}
      <ul>
        {shown.map((value) => (
          <li key={value.value}>
            <label className={value.count === 0 && !value.selected ? styles.none : undefined}>
              <input type="checkbox" checked={value.selected} disabled={value.count === 0 && !value.selected} onChange={() => onToggle(facet, value)} />
              <span>{valueName(facet, value, t, language, currency)}</span>
              <small>{value.count}</small>
            </label>
          </li>
        ))}
      </ul>
      {(hidden > 0 || open) && facet.values.length > SHOWN && (
        <button type="button" className={buttons.link} onClick={() => setOpen(!open)}>
          {open ? t("filters.less") : t("filters.more", { count: hidden })}
        </button>
      )}
    </fieldset>
  );
}

/** Any price, in whole units of money; sent when a field is left or Enter is pressed. */
function PriceRange({ onChange }: Pick<Props, "onChange">) {
  const t = useT();
  const [params] = useSearchParams();
  const units = (name: string) => (params.get(name) ? String(Math.round(Number(params.get(name)) / 100)) : "");
  const apply = (name: "price_min" | "price_max", text: string) => {
    const cents = /^\d{1,7}$/.test(text.trim()) ? String(Number(text) * 100) : null;
    if (cents !== params.get(name)) onChange(withParam(params, name, cents));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    (document.activeElement as HTMLElement | null)?.blur();
  };
  return (
    <form className={styles.range} onSubmit={submit}>
      {(["price_min", "price_max"] as const).map((name) => (
        <input
          key={`${name}-${params.get(name) ?? ""}`}
          inputMode="numeric"
          enterKeyHint="done"
          aria-label={t(name === "price_min" ? "filters.price.min" : "filters.price.max")}
          placeholder={t(name === "price_min" ? "filters.price.min" : "filters.price.max")}
          defaultValue={units(name)}
          onBlur={(event) => apply(name, event.target.value)}
        />
      ))}
      <button type="submit" className="visually-hidden" tabIndex={-1}>
        {t("search")}
      </button>
    </form>
  );
}
