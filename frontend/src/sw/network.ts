// Waiting for the network, but not for ever, and keeping what it gave, but not everything.

export const within = <T>(promise: Promise<T>, patienceMs: number): Promise<T> =>
  Promise.race([promise, new Promise<never>((_, reject) => setTimeout(() => reject(new Error("too slow")), patienceMs))]);

/** Puts a response into the cache as its newest entry and drops the oldest beyond `most`. A full disk only keeps less. */
export async function keep(name: string, request: Request, response: Response, most: number) {
  try {
    const cache = await caches.open(name);
    await cache.delete(request); // entries stand in the order in which they were put
    await cache.put(request, response);
    const kept = await cache.keys();
    await Promise.all(kept.slice(0, Math.max(0, kept.length - most)).map((oldest) => cache.delete(oldest)));
  } catch {
    // the quota is used up, or storage is forbidden
  }
}
