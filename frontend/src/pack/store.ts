// Gets the pack: the current one of the store, or offline the one that was kept.
import { get, getBytes } from "../api/client";
import type { SearchPack } from "../api/types";
import { SEARCH_PACK } from "../names";

export async function loadPack(): Promise<ArrayBuffer | null> {
  const kept = await keptPacks();
  const [latest] = (await kept?.keys()) ?? [];
  const url = await currentUrl().catch(() => latest?.url ?? null);
  if (!url) return null;
  const known = await kept?.match(url);
  if (known) return known.arrayBuffer();
  const bytes = await getBytes(url);
  await keep(kept, url, bytes).catch(() => undefined); // a full storage only means that it is loaded again
  return bytes;
}

const currentUrl = async () => (await get<SearchPack>("/api/search-pack/")).url;

async function keep(kept: Cache | null, url: string, bytes: ArrayBuffer) {
  if (!kept) return;
  for (const older of await kept.keys()) await kept.delete(older);
  await kept.put(url, new Response(bytes.slice(0)));
}

/** Null where a browser keeps nothing: without https, or in a private window. */
async function keptPacks(): Promise<Cache | null> {
  if (!("caches" in self)) return null;
  return caches.open(SEARCH_PACK).catch(() => null);
}
