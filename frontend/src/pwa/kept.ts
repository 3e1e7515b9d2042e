// What is on this phone for the time without a network.
import type { InfiniteData, QueryClient, QueryKey } from "@tanstack/react-query";
import { get } from "../api/client";
import { categoriesPath, homePath, productPath, productsPath, searchPath } from "../api/paths";
import type { SearchResponse } from "../api/types";
import type { Language } from "../i18n/language";
import { OFFLINE_ANSWERS } from "../names";
import { apiParams } from "../searchParams";

/** Keeps what the page shows already: it came before the worker was there, or within the page itself. */
export async function keepShown(client: QueryClient) {
  if (!("caches" in window)) return;
  const cache = await caches.open(OFFLINE_ANSWERS);
  for (const { queryKey, state } of client.getQueryCache().getAll()) {
    const path = pathOf(queryKey);
    if (path && state.data !== undefined) await cache.put(path, Response.json(firstPage(state.data)));
  }
}

/** What every way through the store begins with, also where the first page was another: asked for once, and kept by the worker. */
export async function keepBeginnings(language: Language) {
  const cache = await caches.open(OFFLINE_ANSWERS);
  for (const path of [homePath(language), categoriesPath(language)]) if (!(await cache.match(path))) await get(path);
}

function pathOf([name, first, second]: QueryKey): string | null {
  switch (name) {
    case "home":
      return homePath(first as Language);
    case "categories":
      return categoriesPath(first as Language);
    case "product":
      return productPath(String(first), second as Language);
    case "products":
      return productsPath(String(first), second as Language);
    case "search":
      return searchPath(String(first), second as Language);
    default:
      return null;
  }
}

const firstPage = (data: unknown) => (data as Partial<InfiniteData<SearchResponse>>).pages?.[0] ?? data;

/** Those of the searches whose first results are here. */
export async function keptSearches(queries: string[], language: Language): Promise<string[]> {
  if (!("caches" in window)) return [];
  const cache = await caches.open(OFFLINE_ANSWERS);
  const found = await Promise.all(queries.map((query) => cache.match(searchPath(String(apiParams(new URLSearchParams({ q: query }), undefined)), language))));
  return queries.filter((_, number) => found[number]);
}
