import type { ReactNode } from "react";
import { useHref, useLocation } from "react-router";
import { PREFIXES, TAGS, useLanguage } from "../i18n/language";

/** Leads to the same page in the other language. Django sees `?lang=`, remembers it and leads to the page's address. */
export function LanguageLink({ className, label, children }: { className?: string; label?: string; children: ReactNode }) {
  const { language } = useLanguage();
  const other = language === "en" ? "zh" : "en";
  const { pathname, search } = useLocation();
  const here = useHref(pathname).slice(PREFIXES[language].length) || "/";
  const params = new URLSearchParams(search);
  params.set("lang", other);
  return (
    <a href={`${here}?${params}`} className={className} hrefLang={TAGS[other]} lang={label && TAGS[other]} aria-label={label} rel="nofollow">
      {children}
    </a>
  );
}
