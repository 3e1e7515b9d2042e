// What this browser remembers by itself: searches, seen products, the layout, the language. Nothing of it is sent.
const MOST_SEARCHES = 8;
const MOST_SEEN = 40;

export function read<T>(key: string, fallback: T): T {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null") ?? fallback;
  } catch {
    return fallback; // private mode, or something else wrote there
  }
}

export function save(key: string, value: unknown) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // A full or forbidden storage only means that nothing is remembered.
  }
}

export const recentSearches = () => read<string[]>("searches", []);
export const rememberSearch = (text: string) =>
  save("searches", [text, ...recentSearches().filter((other) => other !== text)].slice(0, MOST_SEARCHES));
export const forgetSearch = (text?: string) => save("searches", text ? recentSearches().filter((other) => other !== text) : []);

export const seenProducts = () => read<number[]>("seen", []);
export const rememberSeen = (id: number) => save("seen", [id, ...seenProducts().filter((other) => other !== id)].slice(0, MOST_SEEN));

export const rememberedLayout = () => read<"list" | "card" | "grid" | null>("layout", null);
export const rememberLayout = (layout: string) => save("layout", layout);

export const comparedProducts = () => read<number[]>("compared", []);
export const rememberCompared = (ids: number[]) => save("compared", ids);
