import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { hasWaitingChanges } from "../api/cartChanges";
import { cart, line } from "../test/fixtures";
import { Failure, network, noNetwork, open } from "../test/store";

const badge = () => screen.getAllByRole("link", { name: /Cart/ })[1]?.textContent;
const add = () => screen.findByRole("button", { name: "Add Casalina Delta Coffee Mug to cart" });

test("the cart counts up before the store has answered", async () => {
  let answer: (value: unknown) => void = () => undefined;
  network({ "POST /api/cart/items/": () => new Promise((resolve) => (answer = resolve)) });
  const { user } = open("/search?q=mug");
  await user.click(await add());
  expect(badge()).toBe("1Cart");
  answer(cart([line()]));
});

test("what was added names the search it came from", async () => {
  const requests = network({ "POST /api/cart/items/": cart([line()]) });
  const { user } = open("/search?q=mug");
  await user.click(await add());
  expect(requests.find((one) => one.path === "/api/cart/items/")?.body).toEqual({
    product_id: 1,
    quantity: 1,
    query_id: "7f1f4d3a-0000-4000-8000-000000000001",
    position: 1,
  });
});

test("undo takes out what was new in the cart", async () => {
  const requests = network({ "POST /api/cart/items/": cart([line()]), "DELETE /api/cart/items/11/": cart() });
  const { user } = open("/search?q=mug");
  await user.click(await add());
  await user.click(screen.getByRole("button", { name: "Undo" }));
  await waitFor(() => expect(badge()).toBe("Cart"));
  expect(requests.some((one) => one.method === "DELETE")).toBe(true);
});

test("undo leaves what was in the cart before", async () => {
  const requests = network({ "POST /api/cart/items/": cart([line({ quantity: 3 })]), "PATCH /api/cart/items/11/": cart([line({ quantity: 2 })]) });
  const { user } = open("/search?q=mug");
  await user.click(await add());
  await user.click(screen.getByRole("button", { name: "Undo" }));
  await waitFor(() => expect(requests.find((one) => one.method === "PATCH")?.body).toEqual({ quantity: 2 }));
});

test("a refusal is said in the store's words, and the count goes back", async () => {
  const refusal = new Failure(409, { errors: [{ field: "quantity", code: "out_of_stock", message: "Only 2 are left." }] });
  network({ "POST /api/cart/items/": refusal });
  const { user } = open("/search?q=mug");
  await user.click(await add());
  expect(await screen.findByText("Only 2 are left.")).toBeTruthy();
  expect(badge()).toBe("Cart");
});

test("without a network what is added is in the cart, and sent when there is one again", async () => {
  let away = true;
  const requests = network({
    "GET /healthz": () => (away ? noNetwork() : { status: "ok" }),
    "POST /api/cart/items/": () => (away ? noNetwork() : cart([line()])),
  });
  const { user } = open("/search?q=mug");
  await user.click(await add());
  expect(await screen.findByText("You are offline.")).toBeTruthy();
  expect(badge()).toBe("1Cart");
  away = false;
  await waitFor(() => expect(hasWaitingChanges()).toBe(false), { timeout: 12_000 }); // it asks every few seconds
  expect(screen.queryByText("You are offline.")).toBeNull();
  const keys = requests.filter((one) => one.method === "POST" && one.path === "/api/cart/items/").map((one) => one.key);
  expect(keys.length).toBeGreaterThan(1);
  expect(new Set(keys).size).toBe(1);
});
