// Pictures of products never change under their address, so one that is here is not asked for again.
import { keep } from "./network";

export const PICTURES = "pictures-1";
const MOST = 300; // some 15 KB each
const ADDRESS = /^\/img\/[\w-]+\//;

export const isPicture = (url: URL) => ADDRESS.test(url.pathname);

export async function picture(event: FetchEvent): Promise<Response> {
  const { request } = event;
  const kept = await caches.match(request, { cacheName: PICTURES, ignoreVary: true });
  if (kept) return kept;
  try {
    const response = await fetch(request);
    if (response.ok) event.waitUntil(keep(PICTURES, request, response.clone(), MOST));
    return response;
  } catch {
    return (await inAnotherSize(new URL(request.url))) ?? Response.error();
  }
}

/** The same picture as it was seen elsewhere, larger or smaller. */
async function inAnotherSize(url: URL): Promise<Response | undefined> {
  const cache = await caches.open(PICTURES);
  const [folder] = ADDRESS.exec(url.pathname) ?? [""];
  const other = (await cache.keys()).findLast((one) => new URL(one.url).pathname.startsWith(folder));
  return other && cache.match(other);
}
