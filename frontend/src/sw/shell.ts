// The app itself: its page, code, styles, font and icons, all of one build.
import { within } from "./network";

export const SHELL = `shell-${__VERSION__}`;
const PAGE = "/index.html";
const PATIENCE_MS = 4000;
const NO_PAGES = /^\/(admin|api|static|media|img|healthz)(\/|$)|\.\w{1,11}$/;
const files = new Set(__SHELL__);

/** All or nothing: a worker whose files did not all come is not installed. */
export async function precache() {
  const cache = await caches.open(SHELL);
  await cache.addAll(__SHELL__.map((file) => new Request(file, { cache: file.startsWith("/assets/") ? "default" : "reload" })));
}

export const isShellFile = (url: URL) => files.has(url.pathname);

export const shellFile = async (request: Request) => (await caches.match(request, { cacheName: SHELL, ignoreSearch: true })) ?? fetch(request);

export const isPage = (url: URL) => !NO_PAGES.test(url.pathname);

/** The page as Django gives it, with its status and its first content; without a network the app alone. */
export async function page(event: FetchEvent): Promise<Response> {
  const network = Promise.resolve(event.preloadResponse as Promise<Response | undefined>).then((response) => response ?? fetch(event.request));
  event.waitUntil(network.catch(() => undefined)); // a preload that comes late is no error
  try {
    const response = await within(network, PATIENCE_MS);
    if (response.status < 500) return response;
  } catch {
    // no network, or none that answers in time
  }
  return (await caches.match(PAGE, { cacheName: SHELL })) ?? network;
}
