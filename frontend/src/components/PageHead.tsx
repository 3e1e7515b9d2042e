import { useLayoutEffect } from "react";
import { useLocation } from "react-router";
import { PREFIXES, TAGS, useLanguage } from "../i18n/language";
import type { Language } from "../i18n/language";

interface Props {
  /** Without the store's name; the home page has none. */
  title?: string;
  /** Of the parameters in the address, those that make it another page. */
  params?: string;
  /** Whether search engines should show the page. */
  indexed?: boolean;
}

const find = <T extends Element>(selector: string) => document.head.querySelector<T>(selector);

function setLink(selector: string, address: string) {
  const link = find<HTMLLinkElement>(selector);
  if (link) link.href = location.origin + address;
}

function setRobots(indexed: boolean) {
  const robots = find<HTMLMetaElement>("meta[name=robots]") ?? document.head.appendChild(document.createElement("meta"));
  robots.name = "robots";
  robots.content = indexed ? "index, follow" : "noindex, follow";
}

/** Keeps the page's title and addresses true while the app goes from page to page; Django wrote those of the first. */
export function PageHead({ title, params = "", indexed = false }: Props) {
  const { language } = useLanguage();
  const { pathname } = useLocation();
  useLayoutEffect(() => {
    const store = find<HTMLMetaElement>("meta[name=application-name]")?.content ?? "Pocketshop";
    document.title = title ? `${title} · ${store}` : store;
    const address = (one: Language) => PREFIXES[one] + (pathname.replace(/(.)\/$/, "$1")) + params;
    setLink("link[rel=canonical]", address(language));
    for (const one of ["en", "zh"] as const) setLink(`link[hreflang=${TAGS[one]}]`, address(one));
    setLink("link[hreflang=x-default]", address("en"));
    setRobots(indexed);
  }, [title, params, indexed, language, pathname]);
  return null;
}
