// The browser's own formats, each made once: making one takes a phone up to 20 ms, and the first of all 50.
import type { Language } from "./language";

function once<T>(make: (language: Language, detail: string) => T): (language: Language, detail?: string) => T {
  const made = new Map<string, T>();
  return (language, detail = "") => {
    const name = `${language} ${detail}`;
    const known = made.get(name) ?? make(language, detail);
    made.set(name, known);
    return known;
  };
}

export const pluralRules = once((language) => new Intl.PluralRules(language));
export const numberFormat = once((language) => new Intl.NumberFormat(language));
/** With two digits after the point. */
export const moneyFormat = once(
  (language, currency) =>
    new Intl.NumberFormat(language === "zh" ? "zh-CN" : "en-US", { style: "currency", currency, currencyDisplay: "narrowSymbol", minimumFractionDigits: 2 }),
);

/** Makes what every page needs, one each time it is asked. */
export const warmings = (language: Language): (() => unknown)[] => [
  () => moneyFormat(language, "USD").format(1),
  () => numberFormat(language).format(1),
  () => pluralRules(language).select(1),
];
