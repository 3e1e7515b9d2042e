import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { SearchResponse } from "../api/types";
import { product, results } from "../test/fixtures";
import { network, open } from "../test/store";
import type { Request } from "../test/store";

const drop = [
  { key: "attr.color", values: ["red", "green"], label: "Red, Green", count: 12 },
  { key: "price", values: [], label: "Under $5", count: 1 },
];
const few = (fields: Partial<SearchResponse>) =>
  results({ interpreted: { query: "mug", corrected_from: null, constraints: [], relaxed: [], drop }, ...fields });
const nothing = few({ total: 0, hits: [] });

test("where nothing is left each filter is one tap away from being dropped, with what that gives", async () => {
  network({ "GET /api/search/": ({ params }: Request) => (params.has("attr") ? nothing : results({ total: 12 })) });
  const { user } = open("/search?q=mug&attr=color:red&attr=color:green&attr=style:modern&price_max=499&sort=rating");
  await screen.findByRole("heading", { name: "Nothing matches these filters" });
  const list = screen.getByRole("list", { name: "Remove a filter to see more" });
  expect(within(list).getAllByRole("link").map((link) => link.textContent)).toEqual(["Without “Red, Green”: 12 products", "Without “Under $5”: 1 product"]);
  await user.click(screen.getByRole("link", { name: "Without “Under $5”: 1 product" }));
  expect(location.search).toBe("?q=mug&attr=color%3Ared&attr=color%3Agreen&attr=style%3Amodern&sort=rating");
  await user.click(await screen.findByRole("link", { name: /^Without “Red, Green”/ }));
  expect(location.search).toBe("?q=mug&sort=rating&attr=style%3Amodern");
});

test("the same in Chinese", async () => {
  network({ "GET /api/search/": nothing });
  open("/search?q=杯子&price_max=499", "zh");
  expect(await screen.findByRole("link", { name: "不限“Under $5”：1 件商品" })).toBeTruthy();
});

test("beside one or two results the filters to drop are offered too", async () => {
  network({ "GET /api/search/": few({ total: 1 }) });
  open("/search?q=mug&price_max=499");
  expect(await screen.findByRole("link", { name: "Without “Under $5”: 1 product" })).toBeTruthy();
  expect(screen.getByRole("heading", { name: "Delta Coffee Mug" })).toBeTruthy();
});

test("enough results offer nothing to drop, and similar ones stay labelled", async () => {
  network({ "GET /api/search/": results({ total: 3, related: [{ position: 2, product: product({ id: 2, title: "Tea cup" }), why: null, variants: null }] }) });
  open("/search?q=mug&price_max=499");
  expect(await screen.findByRole("heading", { name: "Similar to “mug”" })).toBeTruthy();
  expect(screen.queryByRole("link", { name: /^Without/ })).toBeNull();
});

test("a category in the path is dropped by leaving its page, and other filters stay", async () => {
  const inMugs = few({ total: 0, hits: [], interpreted: { query: "", corrected_from: null, constraints: [], relaxed: [], drop: [{ key: "category", values: ["mugs"], label: "Mugs", count: 7 }] } });
  network({ "GET /api/search/": inMugs });
  const { user } = open("/category/mugs?brand=Nobody");
  await user.click(await screen.findByRole("link", { name: "Without “Mugs”: 7 products" }));
  expect(location.pathname + location.search).toBe("/search?brand=Nobody");
});
