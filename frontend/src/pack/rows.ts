// What stands in the list of suggestions while answers arrive: nothing that a finger may be about to touch moves.
import type { ProductCard, Suggestion } from "../api/types";

const keyOf = (row: Suggestion) => `${row.kind} ${row.product?.id ?? `${row.slug ?? ""} ${row.text}`}`;

export const suggestionOf = (product: ProductCard): Suggestion => ({
  kind: "product",
  text: product.title,
  product: {
    id: product.id,
    title: product.title,
    price_cents: product.price_cents,
    sale_price_cents: product.sale_price_cents,
    currency: product.currency,
    image: product.images[0] ?? null,
  },
});

/** Before the store has answered: names that are known to fit, then the phone's own products. */
export const early = (names: Suggestion[], products: ProductCard[], most: number): Suggestion[] =>
  [...new Map([...names, ...products.map(suggestionOf)].map((row) => [keyOf(row), row])).values()].slice(0, most);

/** The store's rows: those that were shown keep their places, the others fill what is left. */
export function settled(shown: Suggestion[], answer: Suggestion[]): Suggestion[] {
  const places = new Map(shown.slice(0, answer.length).map((row, place) => [keyOf(row), place]));
  const rows: (Suggestion | undefined)[] = answer.map(() => undefined);
  const others = answer.filter((row) => {
    const place = places.get(keyOf(row));
    if (place !== undefined) rows[place] = row;
    return place === undefined;
  });
  return rows.map((row) => row ?? others.shift()).filter((row) => row !== undefined);
}
