import type { Language } from "../i18n/language";
import type { ProductCard } from "../api/types";
import type { Cards } from "./format";

/** A packed product as the store's API would give it, as far as the pack knows. */
export function cardAt(cards: Cards, row: number, language: Language): ProductCard {
  const title = (language === "zh" && cards.zh[row]) || (cards.title[row] ?? "");
  const category = cards.categories[cards.category[row] ?? -1];
  const picture = cards.pictures[cards.picture[row] ?? -1];
  return {
    id: cards.id[row] ?? 0,
    sku: cards.sku[row] ?? "",
    title,
    brand: cards.brands[cards.brand[row] ?? -1] ?? "",
    category: category ? { slug: category[0], name: (language === "zh" && category[2]) || category[1] } : null,
    price_cents: cards.price_cents[row] ?? 0,
    sale_price_cents: cards.sale_price_cents[row] ?? null,
    currency: cards.currency,
    rating_average: cards.rating[row] ?? null,
    rating_count: cards.ratings[row] ?? 0,
    stock_status: cards.in_stock[row] ? "in_stock" : "out_of_stock",
    stock_left: null,
    is_new: false,
    images: picture ? [pictureOf(picture, title)] : [],
    key_attributes: [],
  };
}

const pictureOf = ([checksum, width, height, color]: Cards["pictures"][number], alt: string) => ({
  src: `/img/${checksum}/{w}.{f}`,
  widths: [160, 320, 640, 960],
  formats: ["avif", "webp"],
  width,
  height,
  color,
  alt,
});
