// The state of a search is its URL. These functions read and change it; nothing else keeps it.
import type { Facet, FacetValue } from "./api/types";

export const PAGE_SIZE = 24;
const FILTERS = ["brand", "price_min", "price_max", "rating", "in_stock", "attr"];

/** The API's parameters for a page's URL; the category may be in the path. */
export function apiParams(url: URLSearchParams, category: string | undefined): URLSearchParams {
  const params = new URLSearchParams();
  for (const name of ["q", "category", "sort", ...FILTERS]) for (const value of url.getAll(name)) if (value) params.append(name, value);
  if (category) params.set("category", category);
  params.set("page_size", String(PAGE_SIZE));
  return params;
}

/** The URL's parameters after picking or unpicking a facet's value. */
export function toggled(url: URLSearchParams, facet: Facet, value: FacetValue): URLSearchParams {
  const params = new URLSearchParams(url);
  const flip = (name: string, text: string) => {
    const others = params.getAll(name).filter((other) => other !== text);
    const had = others.length < params.getAll(name).length;
    params.delete(name);
    for (const other of had ? others : [...others, text]) params.append(name, other);
  };
  const setOrDelete = (name: string, text: string | null) => {
    if (text === null || value.selected) params.delete(name);
    else params.set(name, text);
  };
  if (facet.kind === "price") {
    setOrDelete("price_min", value.min_cents ? String(value.min_cents) : null);
    setOrDelete("price_max", value.max_cents === null ? null : String(value.max_cents));
  } else if (facet.kind === "rating" || facet.kind === "toggle") setOrDelete(facet.key, value.value);
  else if (facet.key === "brand") flip("brand", value.value);
  else if (facet.key.startsWith("attr.")) flip("attr", `${facet.key.slice(5)}:${value.value}`);
  else setOrDelete("category", value.value);
  return params;
}

export function withoutFilters(url: URLSearchParams): URLSearchParams {
  const params = new URLSearchParams(url);
  for (const name of [...FILTERS, "category"]) params.delete(name);
  return params;
}

export const withParam = (url: URLSearchParams, name: string, value: string | null): URLSearchParams => {
  const params = new URLSearchParams(url);
  if (value === null || value === "") params.delete(name);
  else params.set(name, value);
  return params;
};

export const activeFilters = (url: URLSearchParams) =>
  FILTERS.reduce((sum, name) => sum + url.getAll(name).length, 0) + (url.has("category") ? 1 : 0);
