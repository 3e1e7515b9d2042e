import { useEffect, useRef, useState } from "react";
import type { CSSProperties, FormEvent } from "react";
import { useSearchParams } from "react-router";
import type { Facet } from "../api/types";
import { formatMoney, useLanguage, useT } from "../i18n/language";
import { STEPS, centsAt, stepAt } from "../priceScale";
import { withParam } from "../searchParams";
import styles from "./PriceRange.module.css";

interface Props {
  facet: Facet;
  currency: string;
  onChange: (params: URLSearchParams) => void;
}

type End = "price_min" | "price_max";
const ENDS = ["price_min", "price_max"] as const;

/** Any price: two fields in whole units of money, and a slider with two thumbs, each a native range with its keys. */
export function PriceRange({ facet, currency, onChange }: Props) {
  const t = useT();
  const [params] = useSearchParams();
  const units = (name: End) => (params.get(name) ? String(Math.round(Number(params.get(name)) / 100)) : "");
  const apply = (name: End, cents: string | null) => {
    if (cents !== params.get(name)) onChange(withParam(params, name, cents));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    (document.activeElement as HTMLElement | null)?.blur();
  };
  const [low, high] = [facet.min_cents ?? 0, facet.max_cents ?? 0];
  return (
    <div className={styles.price}>
      {low < high && <Slider key={`${low}-${high}-${params.get("price_min")}-${params.get("price_max")}`} low={low} high={high} currency={currency} onSet={apply} />}
      <form onSubmit={submit}>
        {ENDS.map((name) => (
          <input
            key={`${name}-${params.get(name) ?? ""}`}
            inputMode="numeric"
            enterKeyHint="done"
            aria-label={t(name === "price_min" ? "filters.price.min" : "filters.price.max")}
            placeholder={t(name === "price_min" ? "filters.price.min" : "filters.price.max")}
            defaultValue={units(name)}
            onBlur={(event) => apply(name, /^\d{1,7}$/.test(event.target.value.trim()) ? String(Number(event.target.value) * 100) : null)}
          />
        ))}
        <button type="submit" className="visually-hidden" tabIndex={-1}>
          {t("search")}
        </button>
      </form>
    </div>
  );
}

/** Both thumbs; what they say is asked for when one is let go, not while it moves. */
function Slider({ low, high, currency, onSet }: { low: number; high: number; currency: string; onSet: (name: End, cents: string | null) => void }) {
  const t = useT();
  const { language } = useLanguage();
  const [params] = useSearchParams();
  const [steps, setSteps] = useState(() => ({
    price_min: params.get("price_min") ? stepAt(Number(params.get("price_min")), low, high) : 0,
    price_max: params.get("price_max") ? stepAt(Number(params.get("price_max")), low, high) : STEPS,
  }));
  const box = useRef<HTMLDivElement>(null);
  const cents = (name: End) => centsAt(steps[name], low, high);
  const latest = useRef(steps); // a key is let go before the step is drawn
  const move = (name: End, step: number) => {
    const { price_min, price_max } = latest.current;
    latest.current = { ...latest.current, [name]: name === "price_min" ? Math.min(step, price_max - 1) : Math.max(step, price_min + 1) };
    setSteps(latest.current);
  };
  const letGo = useRef<(name: End) => void>(() => undefined);
  useEffect(() => {
    letGo.current = (name) => {
      const step = latest.current[name];
      onSet(name, step === (name === "price_min" ? 0 : STEPS) ? null : String(centsAt(step, low, high)));
    };
  });
  // React's onChange is the `input` event; a range's own `change` comes once, when it is let go or a key was pressed.
  useEffect(() => {
    const element = box.current;
    const change = (event: Event) => letGo.current((event.target as HTMLInputElement).name as End);
    element?.addEventListener("change", change);
    return () => element?.removeEventListener("change", change);
  }, []);
  const place = { "--from": `${(100 * steps.price_min) / STEPS}%`, "--to": `${(100 * steps.price_max) / STEPS}%` } as CSSProperties;
  return (
    <div ref={box} className={styles.slider} style={place}>
      <p aria-hidden="true">
        <span>{formatMoney(cents("price_min"), currency, language)}</span>
        <span>{formatMoney(cents("price_max"), currency, language)}</span>
      </p>
      <span className={styles.track} />
      {ENDS.map((name) => (
        <input
          key={name}
          type="range"
          name={name}
          min={0}
          max={STEPS}
          value={steps[name]}
          aria-label={t(name === "price_min" ? "filters.price.lowest" : "filters.price.highest")}
          aria-valuetext={formatMoney(cents(name), currency, language)}
          onChange={(event) => move(name, Number(event.target.value))}
        />
      ))}
    </div>
  );
}
