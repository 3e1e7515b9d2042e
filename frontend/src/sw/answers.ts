// Answers of the API that are everybody's: results, products, departments, home. The network first, else what it said last.
import { KEPT_HEADER, OFFLINE_ANSWERS } from "../names";
import { keep, within } from "./network";

export { OFFLINE_ANSWERS };
const MOST = 120;
const PATIENCE_MS = 3000;
const KEPT = /^\/api\/(search|suggestions|products|compare|categories|home)\//;

export const isKeptAnswer = (url: URL) => KEPT.test(url.pathname);

export async function answer(event: FetchEvent): Promise<Response> {
  const { request } = event;
  const network = fetch(request).then((response) => {
    if (response.ok) event.waitUntil(keep(OFFLINE_ANSWERS, request, response.clone(), MOST));
    return response;
  });
  event.waitUntil(network.catch(() => undefined)); // also when it is too late to be shown
  const kept = await caches.match(request, { cacheName: OFFLINE_ANSWERS, ignoreVary: true });
  let why = "offline";
  try {
    const response = await (kept ? within(network, PATIENCE_MS) : network);
    if (response.status < 502 || !kept) return response; // 502 and up: a proxy says that the store is away
  } catch (error) {
    if (error instanceof Error && error.message === "too slow") why = "slow";
  }
  const known = kept ?? (await fromSeenProducts(new URL(request.url)));
  return known ? marked(known, why) : Response.error();
}

function marked(response: Response, why: string): Response {
  const headers = new Headers(response.headers);
  headers.set(KEPT_HEADER, why);
  return new Response(response.body, { status: response.status, headers });
}

/** A list of cards that was never asked for in this order, out of the product pages that were: a page has its card. */
async function fromSeenProducts(url: URL): Promise<Response | undefined> {
  const ids = url.searchParams.get("ids");
  if (url.pathname !== "/api/products/" || !ids) return undefined;
  const cache = await caches.open(OFFLINE_ANSWERS);
  const pages = await Promise.all(ids.split(",").map((id) => cache.match(`/api/products/${id}/?lang=${url.searchParams.get("lang")}`)));
  const cards = await Promise.all(pages.flatMap((page) => (page ? [page.json() as Promise<unknown>] : [])));
  return cards.length > 0 ? Response.json(cards) : undefined;
}
