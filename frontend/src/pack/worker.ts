// A worker, so that neither unpacking nor searching holds up a key.
import type { Answer, Question } from "./phone";
import { cardAt } from "./cards";
import { readPack } from "./format";
import { PackSearch } from "./search";
import { loadPack } from "./store";

async function load() {
  const bytes = await loadPack();
  if (!bytes) return null;
  const pack = readPack(bytes);
  return { cards: pack.about.cards, search: new PackSearch(pack) };
}

const loading = load().catch(() => null); // without a pack the store's server answers alone

self.addEventListener("message", ({ data }: MessageEvent<Question>) => {
  void loading.then((pack) => {
    const products = pack ? pack.search.search(data.text, data.most).map((row) => cardAt(pack.cards, row, data.language)) : null;
    self.postMessage({ number: data.number, products } satisfies Answer);
  });
});
