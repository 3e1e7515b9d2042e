import { moneyFormat, numberFormat, pluralRules } from "./formats";
import { createContext, useContext } from "react";
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
  const plural = forms.length > 1 && pluralRules(language).select(Number(values["count"])) !== "one";
  const text = (plural ? forms[1] : forms[0]) ?? "";
  return text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name] ?? "";
    return typeof value === "number" ? numberFormat(language).format(value) : value;
  });
}

export const LanguageContext = createContext<{ language: Language }>({ language: "en" });

export const useLanguage = () => useContext(LanguageContext);

export function useT() {
  const { language } = useLanguage();
  return (key: Key, values?: Values) => translate(language, key, values);
}

/** Whole amounts without their zeros; in both languages these end the number. */
export function formatMoney(cents: number, currency: string, language: Language): string {
  const written = moneyFormat(language, currency).format(cents / 100);
  return cents % 100 === 0 ? written.replace(/\.00$/, "") : written;
}

/** The part of every address that says the language; English has none. Django chooses where nobody has (`?lang=`). */
export const PREFIXES: Record<Language, string> = { en: "", zh: "/zh" };
export const TAGS: Record<Language, string> = { en: "en", zh: "zh-Hans" };

export const languageOf = (pathname: string): Language => (/^\/zh(\/|$)/.test(pathname) ? "zh" : "en");

/**
 * The page's language, from its address. `?lang=` is Django's to follow; where Django did not see it (in development,
 * without a network), the address is put right here.
 */
export function pageLanguage(): Language {
  const params = new URLSearchParams(location.search);
  const asked = params.get("lang");
  const said = languageOf(location.pathname);
  if (asked !== "en" && asked !== "zh") return said;
  params.delete("lang");
  const bare = location.pathname.slice(PREFIXES[said].length) || "/";
  history.replaceState(history.state, "", PREFIXES[asked] + bare + (params.size ? `?${params}` : "") + location.hash);
  return asked;
}
