// Reads the pack's file (search/pack/format.py), which the browser has unpacked.

export const LAYOUT = 1;

/** Column by column, the most popular product first; a place of -1 is none. */
export interface Cards {
  currency: string;
  brands: string[];
  categories: [slug: string, name: string, zh: string][];
  pictures: [checksum: string, width: number, height: number, color: string][];
  id: number[];
  sku: string[];
  title: string[];
  zh: string[];
  brand: number[];
  category: number[];
  picture: number[];
  price_cents: number[];
  sale_price_cents: (number | null)[];
  rating: (number | null)[];
  ratings: number[];
  in_stock: boolean[];
}

interface About {
  layout: number;
  dimensions: number;
  product_step: number;
  token_step: number;
  query_scale: number;
  tokens: string;
  others: string;
  cards: Cards;
}

/** `vectors` and `table` are dimension by dimension. */
export interface Pack {
  about: About;
  tokens: string[];
  vectors: Int8Array;
  table: Int8Array;
}

/** Throws an error for anything else than a whole pack of this layout. */
export function readPack(file: ArrayBuffer): Pack {
  const bytes = new Uint8Array(file);
  if (bytes.length < 8 || new TextDecoder().decode(bytes.subarray(0, 4)) !== "PACK") throw new Error("This file is no pack.");
  const start = 8 + new DataView(file).getUint32(4, true);
  const about = JSON.parse(new TextDecoder().decode(bytes.subarray(8, start))) as About;
  if (about.layout !== LAYOUT) throw new Error(`The pack has layout ${about.layout}.`);
  const tokens = about.tokens.split("\n");
  const middle = start + about.dimensions * about.cards.id.length;
  const end = middle + about.dimensions * tokens.length;
  if (bytes.length !== end) throw new Error("The pack ends too early.");
  return { about, tokens, vectors: new Int8Array(file, start, middle - start), table: new Int8Array(file, middle, end - middle) };
}

/** The words of each product that the index has. */
export function textsOf(cards: Cards): string[] {
  return cards.id.map((_, row) => {
    const [, name, zh] = cards.categories[cards.category[row] ?? -1] ?? ["", "", ""];
    return [cards.title[row], cards.zh[row], cards.brands[cards.brand[row] ?? -1] ?? "", name, zh].join(" ");
  });
}
