import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { cart, line } from "../test/fixtures";
import { network, open } from "../test/store";

const stepper = () => screen.findByRole("group", { name: "Quantity of Casalina Delta Coffee Mug" });

test("one more is shown at once and the totals follow", async () => {
  const requests = network({
    "GET /api/cart/": cart([line()]),
    "PATCH /api/cart/items/11/": cart([line({ quantity: 2, line_total_cents: 3180 })]),
  });
  const { user } = open("/cart");
  await user.click(within(await stepper()).getByRole("button", { name: "One more" }));
  expect(requests.find((one) => one.method === "PATCH")?.body).toEqual({ quantity: 2 });
  expect(await screen.findByText("$36.70")).toBeTruthy();
});

test("the stepper stops at one and at what is in stock", async () => {
  network({ "GET /api/cart/": cart([line({ quantity: 1, max_quantity: 1 })]) });
  open("/cart");
  const buttons = within(await stepper()).getAllByRole<HTMLButtonElement>("button");
  expect(buttons.map((button) => button.disabled)).toEqual([true, true]);
});

test("what is removed can be brought back", async () => {
  const requests = network({
    "GET /api/cart/": cart([line({ quantity: 2 })]),
    "DELETE /api/cart/items/11/": cart(),
    "POST /api/cart/items/": cart([line({ quantity: 2 })]),
  });
  const { user } = open("/cart");
  await user.click(await screen.findByRole("button", { name: "Remove: Casalina Delta Coffee Mug" }));
  expect(await screen.findByRole("heading", { name: "Your cart is empty" })).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Undo" }));
  await stepper();
  await waitFor(() => expect(requests.find((one) => one.method === "POST" && one.path === "/api/cart/items/")?.body).toMatchObject({ product_id: 1, quantity: 2 }));
});

test("a sold-out line is named and blocks the checkout", async () => {
  network({ "GET /api/cart/": cart([line({ notice: "out_of_stock", max_quantity: 0 })]) });
  open("/cart");
  await stepper();
  expect(screen.queryByRole("link", { name: "Check out" })).toBeNull();
});
