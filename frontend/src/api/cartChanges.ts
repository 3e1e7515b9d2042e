// Every change of the cart goes through the outbox: with a network it is sent at once, without one later, and always once.
import type { Language } from "../i18n/language";
import { read, save } from "../storage";
import { differences, withChanges } from "./cartOverlay";
import type { Change } from "./cartOverlay";
import { ApiError, get, Offline, write } from "./client";
import { uuid } from "./events";
import { tell } from "./news";
import { append, entries, inTurn, put, sendInOrder } from "./outbox";
import { cartPath } from "./paths";
import type { Cart } from "./types";

type Waiting = Change & { change_key: string; tries: number };

const KIND = "cart";
const KNOWN = "cart-known"; // the cart as the store said it last
const MOST_TRIES = 5;
const AWAY = [502, 503, 504]; // a proxy's words for "nobody is there"
const EMPTY: Cart = { items: [], count: 0, subtotal_cents: 0, shipping_cents: 0, flat_shipping_cents: 0, free_shipping_from_cents: 0, total_cents: 0, currency: "USD" };
const awaited = new Map<string, ApiError | null>(); // changes whose maker is told how they ended

const knownCart = () => read<Cart | null>(KNOWN, null);

const waiting = () => entries<Waiting>(KIND).map((entry) => entry.value);

export const hasWaitingChanges = () => waiting().length > 0;

/** The cart with what was done to it here, whether the store knows or not. */
export const shownCart = () => withChanges(knownCart() ?? EMPTY, waiting());

/** Line numbers below zero are products that the store does not have in the cart yet. */
export const productOfLine = (lineId: number) => shownCart().items.find((line) => (lineId < 0 ? line.product.id === -lineId : line.id === lineId))?.product;

/** The store's cart is the known one from now on; what it says otherwise than what was shown is told. */
function learn(cart: Cart): Cart {
  if (knownCart()) tell(differences(shownCart(), cart));
  save(KNOWN, cart);
  return cart;
}

/** What the store said, in the page itself or when asked, as it is to be shown. */
export const received = (cart: Cart) => withChanges(learn(cart), waiting());

/** The store's cart with what it has not heard yet; without a network the last one that is known. */
export async function fetchCart(language: Language): Promise<Cart> {
  try {
    if (hasWaitingChanges()) await sendChanges(language).catch(unlessAway);
    return received(await inTurn(KIND, () => get<Cart>(cartPath(language))));
  } catch (error) {
    if (isAway(error) && knownCart()) return shownCart();
    throw error;
  }
}

/** The cart after the change. Throws only what the store said against it; a store that is away hears of it later. */
export async function changeCart(change: Change, language: Language): Promise<Cart> {
  const changeKey = uuid();
  append<Waiting>(KIND, { ...change, change_key: changeKey, tries: 0 });
  awaited.set(changeKey, null);
  await sendChanges(language).catch(() => undefined); // then it waits
  const refusal = awaited.get(changeKey);
  awaited.delete(changeKey);
  if (refusal) throw refusal;
  return shownCart();
}

/** Sends what waits, oldest first. Throws where the store is away. */
export const sendChanges = (language: Language) => sendInOrder<Waiting>(KIND, (change, entry) => send(change, entry, language));

async function send(change: Waiting, entry: string, language: Language) {
  try {
    await request(change, language);
  } catch (error) {
    if (!(error instanceof ApiError) || isAway(error)) throw error;
    if (awaited.has(change.change_key)) awaited.set(change.change_key, error);
    else if (error.status >= 500 && change.tries < MOST_TRIES) {
      put(entry, { ...change, tries: change.tries + 1 });
      throw error;
    } else tell([{ kind: "refused", title: change.product.title, message: error.message }]);
  }
}

async function request(change: Waiting, language: Language) {
  const key = { "Idempotency-Key": change.change_key };
  const { product } = change;
  if (change.action === "add") {
    const body = { product_id: product.id, quantity: change.quantity, query_id: change.queryId, position: change.position };
    learn(await write<Cart>("POST", `/api/cart/items/?lang=${language}`, body, key));
    return;
  }
  const cart = knownCart() ?? learn(await get<Cart>(cartPath(language)));
  const line = cart.items.find((one) => one.product.id === product.id);
  if (!line) return; // it is gone already
  const path = `/api/cart/items/${line.id}/?lang=${language}`;
  if (change.action === "set") learn(await write<Cart>("PATCH", path, { quantity: change.quantity }, key));
  else learn(await write<Cart>("DELETE", path, undefined, key));
}

/** Another failure is the change's own affair, and the cart can be shown. */
const unlessAway = (error: unknown) => {
  if (isAway(error)) throw error;
};

const isAway = (error: unknown) => error instanceof Offline || (error instanceof ApiError && AWAY.includes(error.status));
