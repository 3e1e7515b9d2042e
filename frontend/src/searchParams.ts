// The state of a search is its URL. These functions read and change it; nothing else keeps it.
import type { Constraint, Facet, FacetValue, Layout } from "./api/types";

export const PAGE_SIZE = 24;
const FILTERS = ["brand", "price_min", "price_max", "rating", "in_stock", "attr"];
/** What the API gets of a page's URL, as it is. */
export const PASSED_ON = ["q", "verbatim", "category", "sort", ...FILTERS];

/** The API's parameters for a page's URL; the category may be in the path. */
export function apiParams(url: URLSearchParams, category: string | undefined): URLSearchParams {
  const params = new URLSearchParams();
  for (const name of PASSED_ON) for (const value of url.getAll(name)) if (value) params.append(name, value);
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

/** Whether the URL narrows by the value: known at once, before the store answers. */
function isPicked(url: URLSearchParams, facet: Facet, value: FacetValue): boolean {
  if (facet.kind === "category") return value.selected; // in the path, or above what is
  if (facet.kind === "price") {
    const ends = [value.min_cents ? String(value.min_cents) : null, value.max_cents === null ? null : String(value.max_cents)];
    return url.get("price_min") === ends[0] && url.get("price_max") === ends[1];
  }
  if (facet.kind === "rating") return url.get("rating") === value.value;
  if (facet.kind === "toggle") return url.has(facet.key);
  if (facet.key === "brand") return url.getAll("brand").includes(value.value);
  return url.getAll("attr").includes(`${facet.key.slice(5)}:${value.value}`);
}

/** The constraint, said in the query, that picks the value; a filter that was picked by hand has won over it already. */
export function saidFor(said: Constraint[], facet: Facet, value: FacetValue): Constraint | undefined {
  return said.find((one) => {
    if (one.key !== facet.key) return false;
    if (facet.kind === "price") return (one.min_cents ?? 0) === (value.min_cents ?? 0) && one.max_cents === value.max_cents;
    return facet.kind === "toggle" || one.values.includes(value.value);
  });
}

/** The store's facets with the picks of the URL, so that a tap shows before its answer is there, and what was said. */
export const withPicks = (url: URLSearchParams, facets: Facet[], said: Constraint[] = []): Facet[] =>
  facets.map((facet) => ({
    ...facet,
    values: facet.values.map((value) => ({ ...value, selected: isPicked(url, facet, value) || saidFor(said, facet, value) !== undefined })),
  }));

/** The URL's parameters without a facet's filter, whatever it is set to. */
export function withoutFilter(url: URLSearchParams, key: string): URLSearchParams {
  const params = new URLSearchParams(url);
  if (key.startsWith("attr.")) {
    params.delete("attr");
    for (const value of url.getAll("attr").filter((one) => !one.startsWith(`${key.slice(5)}:`))) params.append("attr", value);
  } else for (const name of key === "price" ? ["price_min", "price_max"] : [key]) params.delete(name);
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

/** How many filters the URL has; both ends of a price are one. */
export const activeFilters = (url: URLSearchParams) =>
  FILTERS.reduce((sum, name) => sum + url.getAll(name).length, 0) + (url.has("category") ? 1 : 0) - (url.has("price_min") && url.has("price_max") ? 1 : 0);

const LAYOUTS: readonly string[] = ["list", "card", "grid"];

/** The layout in the URL, if it is one. */
export const layoutOf = (url: URLSearchParams): Layout | null => {
  const name = url.get("layout");
  return name !== null && LAYOUTS.includes(name) ? (name as Layout) : null;
};

/** The facets of the first page, and those that only later pages' cards made worth showing. */
export function facetsOfPages(pages: { facets: Facet[] }[]): Facet[] {
  const found = new Map<string, Facet>();
  for (const facet of pages.flatMap((page) => page.facets)) if (!found.has(facet.key)) found.set(facet.key, facet);
  return [...found.values()];
}
