import { expect, test } from "vitest";
import { cart, line, product } from "../test/fixtures";
import { Failure, network, noNetwork } from "../test/store";
import type { Request } from "../test/store";
import { changeCart, fetchCart, hasWaitingChanges, sendChanges, shownCart } from "./cartChanges";
import type { Change } from "./cartOverlay";
import type { ApiError } from "./client";

const MUG = product({ id: 1, title: "Mug" });
const POT = product({ id: 2, title: "Pot", price_cents: 4000 });
const add = (what = MUG, quantity = 1): Change => ({ action: "add", product: what, quantity, queryId: null, position: null });
const mugs = (quantity: number, fields: object = {}) => line({ product: MUG, quantity, line_total_cents: 1590 * quantity, max_quantity: 20, ...fields });
const shown = () => shownCart().items.map((one) => [one.product.title, one.quantity]);
const told = () => JSON.parse(localStorage.getItem("cart-news") ?? "[]") as unknown;
const writes = (requests: Request[]) => requests.filter((one) => one.method !== "GET").map((one) => [one.method, one.path, one.body]);

test("without a network changes are shown, with what they cost, and sent in order later", async () => {
  network({ "GET /api/cart/": cart([mugs(1)]) });
  await fetchCart("en");
  network({ "POST /api/cart/items/": noNetwork, "PATCH /api/cart/items/11/": noNetwork, "DELETE /api/cart/items/11/": noNetwork });
  await changeCart(add(MUG, 2), "en");
  await changeCart({ action: "set", product: MUG, quantity: 5 }, "en");
  const offline = await changeCart(add(POT), "en");
  expect(shown()).toEqual([["Mug", 5], ["Pot", 1]]);
  expect([offline.subtotal_cents, offline.shipping_cents, offline.total_cents]).toEqual([11950, 0, 11950]);
  const removed = await changeCart({ action: "remove", product: POT }, "en");
  expect([removed.subtotal_cents, removed.shipping_cents, removed.total_cents]).toEqual([7950, 0, 7950]);

  const pot = line({ id: 12, product: POT, unit_price_cents: 4000, line_total_cents: 4000, max_quantity: 20 });
  let adds = 0;
  const requests = network({
    "POST /api/cart/items/": () => (adds++ === 0 ? cart([mugs(3)]) : cart([mugs(5), pot])),
    "PATCH /api/cart/items/11/": cart([mugs(5)]),
    "DELETE /api/cart/items/12/": cart([mugs(5)]),
  });
  await sendChanges("en");
  expect(writes(requests)).toEqual([
    ["POST", "/api/cart/items/", { product_id: 1, quantity: 2, query_id: null, position: null }],
    ["PATCH", "/api/cart/items/11/", { quantity: 5 }],
    ["POST", "/api/cart/items/", { product_id: 2, quantity: 1, query_id: null, position: null }],
    ["DELETE", "/api/cart/items/12/", null],
  ]);
  expect(new Set(requests.map((one) => one.key)).size).toBe(4);
  expect([hasWaitingChanges(), shown(), told()]).toEqual([false, [["Mug", 5]], []]);
});

test("a change is sent again under its own key until the store has answered", async () => {
  let tries = 0;
  const requests = network({ "POST /api/cart/items/": () => (++tries < 3 ? noNetwork() : cart([mugs(1)])) });
  await changeCart(add(), "en");
  await sendChanges("en").catch(() => undefined);
  await sendChanges("en");
  await sendChanges("en");
  expect(requests.length).toBe(3);
  expect(new Set(requests.map((one) => one.key)).size).toBe(1);
  expect(shown()).toEqual([["Mug", 1]]);
});

test("a store that a proxy cannot reach is away, too", async () => {
  network({ "POST /api/cart/items/": new Failure(502) });
  await changeCart(add(), "en");
  expect([hasWaitingChanges(), shown()]).toEqual([true, [["Mug", 1]]]);
});

test("a refusal goes to whoever waits for it, and nothing is left", async () => {
  network({ "POST /api/cart/items/": new Failure(404, { errors: [{ field: "product_id", code: "not_found", message: "Not for sale." }] }) });
  const failure = await changeCart(add(), "en").catch((error: unknown) => error as ApiError);
  expect(failure).toMatchObject({ status: 404, message: "Not for sale." });
  expect([hasWaitingChanges(), shown(), told()]).toEqual([false, [], []]);
});

test("a change that the store refuses later is said, and the next ones are made", async () => {
  network({ "GET /api/cart/": cart([]), "POST /api/cart/items/": noNetwork });
  await fetchCart("en");
  await changeCart(add(POT), "en");
  await changeCart(add(MUG), "en");
  network({
    "POST /api/cart/items/": ({ body }: Request) =>
      (body as { product_id: number }).product_id === 2
        ? new Failure(404, { errors: [{ field: "product_id", code: "not_found", message: "Not for sale." }] })
        : cart([mugs(1)]),
  });
  await sendChanges("en");
  expect([hasWaitingChanges(), shown()]).toEqual([false, [["Mug", 1]]]);
  expect(told()).toEqual([{ kind: "refused", title: "Pot", message: "Not for sale." }]);
});

test("a store that fails again and again is asked six times, then it is said", async () => {
  network({ "POST /api/cart/items/": noNetwork });
  await changeCart(add(), "en");
  const requests = network({ "POST /api/cart/items/": new Failure(500, { errors: [] }) });
  for (let round = 0; round < 8; round++) await sendChanges("en").catch(() => undefined);
  expect(requests.length).toBe(6);
  expect(told()).toEqual([{ kind: "refused", title: "Mug", message: "The store answered with 500." }]);
});

test("a price and a stock that changed meanwhile are told once, and what is as it was is not", async () => {
  network({ "GET /api/cart/": cart([mugs(4)]), "POST /api/cart/items/": noNetwork });
  await fetchCart("en");
  await changeCart(add(POT, 2), "en");
  const pot = line({ id: 12, product: POT, quantity: 2, unit_price_cents: 3500, line_total_cents: 7000, max_quantity: 0 });
  const now = cart([mugs(4, { max_quantity: 3, notice: "low_stock" }), pot]);
  network({ "POST /api/cart/items/": now, "GET /api/cart/": now });
  await fetchCart("en");
  await fetchCart("en");
  expect(told()).toEqual([
    { kind: "low", title: "Mug", left: 3 },
    { kind: "price", title: "Pot", from: 4000, to: 3500, currency: "USD" },
    { kind: "out", title: "Pot" },
  ]);
});

test("without a network the cart is the last one that was known; before there was one, that is an error", async () => {
  network({ "GET /api/cart/": noNetwork });
  await expect(fetchCart("en")).rejects.toThrow("offline");
  network({ "GET /api/cart/": cart([mugs(2)]) });
  await fetchCart("en");
  network({ "GET /api/cart/": noNetwork });
  expect((await fetchCart("en")).items.map((one) => one.quantity)).toEqual([2]);
});
