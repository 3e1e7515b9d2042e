// Where a merchant's banner or redirect may lead: a page of this store, or an https address. The admin checks it as well.

export interface Target {
  href: string;
  isOurs: boolean; // then `href` is a path, to be followed without loading the store again
}

/** Null for what must not be followed: other schemes, and paths that browsers read as another host's address. */
export function targetOf(link: string): Target | null {
  if (!URL.canParse(link, location.origin)) return null;
  const url = new URL(link, location.origin);
  if (url.origin === location.origin) return { href: url.pathname + url.search + url.hash, isOurs: true };
  return url.protocol === "https:" && link.startsWith("https://") ? { href: url.href, isOurs: false } : null;
}
