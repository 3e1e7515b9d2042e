import { createContext, use } from "react";
import { en } from "./en";

export type Language = "en" | "zh";
export type Key = keyof typeof en;
type Values = Record<string, string | number>;

const messages: Partial<Record<Language, Record<Key, string>>> = { en };

/** Before a language is shown, its messages have to be here; English always is. */
export async function loadMessages(language: Language) {
  if (language === "zh") messages.zh ??= (await import("./zh")).zh;
}

/** A message in the language. `{name}` is replaced; `a|b` is singular|plural by `{count}`. */
export function translate(language: Language, key: Key, values: Values = {}): string {
  const forms = (messages[language] ?? en)[key].split("|");
  const plural = forms.length > 1 && new Intl.PluralRules(language).select(Number(values["count"])) !== "one";
  const text = (plural ? forms[1] : forms[0]) ?? "";
  return text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name] ?? "";
    return typeof value === "number" ? new Intl.NumberFormat(language).format(value) : value;
  });
}

export const LanguageContext = createContext<{ language: Language; setLanguage: (language: Language) => void }>({
  language: "en",
  setLanguage: () => undefined,
});

export const useLanguage = () => use(LanguageContext);

export function useT() {
  const { language } = useLanguage();
  return (key: Key, values?: Values) => translate(language, key, values);
}

export function formatMoney(cents: number, currency: string, language: Language): string {
  const whole = cents % 100 === 0;
  return new Intl.NumberFormat(language === "zh" ? "zh-CN" : "en-US", {
    style: "currency",
    currency,
    currencyDisplay: "narrowSymbol",
    minimumFractionDigits: whole ? 0 : 2,
  }).format(cents / 100);
}

/** The remembered choice, else the browser's first language that the store speaks. */
export function initialLanguage(): Language {
  const asked = new URLSearchParams(location.search).get("lang") ?? localStorage.getItem("language");
  if (asked === "en" || asked === "zh") return asked;
  return navigator.languages.find((tag) => /^(en|zh)/.test(tag))?.startsWith("zh") ? "zh" : "en";
}
