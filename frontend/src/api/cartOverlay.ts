// What the cart is once the changes are made that the store has not heard of, and what the store says otherwise.
import type { Cart, CartLine, ProductCard } from "./types";

export type Change = { product: ProductCard } & (
  | { action: "add"; quantity: number; queryId: string | null; position: number | null }
  | { action: "set"; quantity: number }
  | { action: "remove" }
);

export type News =
  | { kind: "price"; title: string; from: number; to: number; currency: string }
  | { kind: "low"; title: string; left: number }
  | { kind: "out"; title: string }
  | { kind: "refused"; title: string; message: string };

const MOST_OF_A_LINE = 99;

export const withChanges = (cart: Cart, changes: Change[]): Cart => (changes.length === 0 ? cart : withTotals(changes.reduce(withChange, cart)));

function withChange(cart: Cart, change: Change): Cart {
  const { product } = change;
  const line = cart.items.find((one) => one.product.id === product.id);
  const others = (quantity: number) => cart.items.map((one) => (one === line ? priced({ ...one, quantity }) : one));
  if (change.action === "remove") return { ...cart, items: cart.items.filter((one) => one !== line) };
  if (change.action === "set") return { ...cart, items: others(change.quantity) };
  if (line) return { ...cart, items: others(Math.min(line.quantity + change.quantity, MOST_OF_A_LINE)) };
  return { ...cart, currency: product.currency, items: [...cart.items, newLine(product, change.quantity)] };
}

/** A line that the store has not numbered yet; its number is below zero. */
const newLine = (product: ProductCard, quantity: number): CartLine =>
  priced({
    id: -product.id,
    product,
    quantity,
    unit_price_cents: product.sale_price_cents ?? product.price_cents,
    line_total_cents: 0,
    max_quantity: product.stock_left ?? MOST_OF_A_LINE,
    notice: null,
  });

const priced = (line: CartLine): CartLine => ({ ...line, line_total_cents: line.unit_price_cents * line.quantity });

function withTotals(cart: Cart): Cart {
  const subtotal = cart.items.reduce((sum, line) => sum + line.line_total_cents, 0);
  const shipping = subtotal === 0 || subtotal >= cart.free_shipping_from_cents ? 0 : cart.flat_shipping_cents;
  return {
    ...cart,
    count: cart.items.reduce((sum, line) => sum + line.quantity, 0),
    subtotal_cents: subtotal,
    shipping_cents: shipping,
    total_cents: subtotal + shipping,
  };
}

/** What the shopper should hear of lines that were shown otherwise before. */
export const differences = (shown: Cart, now: Cart): News[] =>
  now.items.flatMap((line) => {
    const before = shown.items.find((one) => one.product.id === line.product.id);
    return before ? [...priceNews(before, line), ...stockNews(before, line)] : [];
  });

function priceNews(before: CartLine, now: CartLine): News[] {
  const { title, currency } = now.product;
  const [from, to] = [before.unit_price_cents, now.unit_price_cents];
  return from === to ? [] : [{ kind: "price", title, from, to, currency }];
}

function stockNews(before: CartLine, now: CartLine): News[] {
  if (now.max_quantity >= now.quantity || before.max_quantity < before.quantity) return [];
  const { title } = now.product;
  return [now.max_quantity === 0 ? { kind: "out", title } : { kind: "low", title, left: now.max_quantity }];
}
