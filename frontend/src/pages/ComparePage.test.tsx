import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { product, results } from "../test/fixtures";
import { network, open } from "../test/store";

const five = [1, 2, 3, 4, 5].map((id) => product({ id, title: `Casalina Mug ${id}` }));
const hits = five.map((one, number) => ({ position: number + 1, product: one, why: null, variants: null }));
const comparison = {
  products: [product({ id: 1, title: "Mug 1", price_cents: 1500 }), product({ id: 2, title: "Mug 2", price_cents: 900 })],
  rows: [
    { key: "price", label: "Price", values: ["1500", "900"], differs: true, best: [1] },
    { key: "attr.size", label: "Size", values: ["0.3 L", ""], differs: true, best: [] },
    { key: "brand", label: "Brand", values: ["Casalina", "Casalina"], differs: false, best: [] },
  ],
};
const answers = { "GET /api/search/": results({ total: 5, hits }), "GET /api/products/": five, "GET /api/compare/": comparison };
const headers = () => screen.getAllByRole("rowheader").map((header) => header.textContent);

test("products are chosen in the results, and the bar leads to a page whose address can be sent", async () => {
  const requests = network(answers);
  const { user } = open("/search?q=mug");
  await screen.findByText("5 products");
  expect(screen.queryByRole("button", { name: "Compare Casalina Mug 1" })).toBeNull();
  await user.click(screen.getByRole("button", { name: "Choose products to compare" }));
  await user.click(screen.getByRole("button", { name: "Compare Casalina Mug 1" }));
  expect(screen.getByText("Choose one more to compare.")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Compare Casalina Mug 2" }));
  expect(screen.getByRole("button", { name: "Compare Casalina Mug 2" }).getAttribute("aria-pressed")).toBe("true");
  await user.click(screen.getByRole("link", { name: "Compare (2)" }));
  expect(location.pathname + location.search).toBe("/compare?ids=1,2");
  expect(await screen.findByRole("heading", { level: 1, name: "Compare 2 products" })).toBeTruthy();
  expect(requests.findLast((one) => one.path === "/api/compare/")?.params.get("ids")).toBe("1,2");
});

test("a fifth product is refused in words, with the way to the four", async () => {
  network(answers);
  localStorage.setItem("compared", "[1,2,3,4]");
  const { user } = open("/search?q=mug");
  await user.click(await screen.findByRole("button", { name: "Compare Casalina Mug 5" }));
  expect(screen.getByText("You can compare 4 products. Take one out first.")).toBeTruthy();
  expect(localStorage.getItem("compared")).toBe("[1,2,3,4]");
  await user.click(screen.getByRole("button", { name: "Compare" }));
  expect(location.search).toBe("?ids=1,2,3,4");
});

test("the best is marked in words, what is not known is said so", async () => {
  network(answers);
  open("/compare?ids=1,2");
  const table = within(await screen.findByRole("table"));
  expect(within(table.getByRole("row", { name: /^Price/ })).getAllByRole("cell").map((cell) => cell.textContent)).toEqual(["$15", "$9Best"]);
  expect(within(table.getByRole("row", { name: /^Size/ })).getAllByRole("cell").map((cell) => cell.textContent)).toEqual(["0.3 L", "–Not known"]);
});

test("only what differs can be shown, and the address says so", async () => {
  network(answers);
  const { user } = open("/compare?ids=1,2");
  await screen.findByRole("table");
  expect(headers()).toEqual(["Price", "Size", "Brand"]);
  await user.click(screen.getByRole("switch", { name: "Only differences" }));
  expect(headers()).toEqual(["Price", "Size"]);
  expect(location.search).toBe("?ids=1%2C2&differences=1");
});

test("a product is taken out of the page and of what is remembered", async () => {
  network(answers);
  localStorage.setItem("compared", "[1,2]");
  const { user } = open("/compare?ids=1,2");
  await user.click(await screen.findByRole("button", { name: "Take Mug 1 out" }));
  expect(new URLSearchParams(location.search).get("ids")).toBe("2");
  expect(localStorage.getItem("compared")).toBe("[2]");
});

test("an address with five compares the first four and says so", async () => {
  const requests = network(answers);
  open("/compare?ids=1,2,3,4,5");
  expect((await screen.findByRole("alert")).textContent).toBe("Only 4 products can be compared. These are the first 4.");
  expect(requests.findLast((one) => one.path === "/api/compare/")?.params.get("ids")).toBe("1,2,3,4");
});

test("an address without products says how to choose some", async () => {
  network(answers);
  open("/compare?ids=,x");
  expect(await screen.findByRole("heading", { level: 1, name: "Nothing to compare yet" })).toBeTruthy();
  expect(screen.getByText("Choose up to 4 products in the results or on their pages.")).toBeTruthy();
});

test("products that are gone are said", async () => {
  network(answers);
  open("/compare?ids=1,2,99", "zh");
  expect(await screen.findByText("1 件商品已下架。")).toBeTruthy();
});
