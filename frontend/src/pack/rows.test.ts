import { expect, test } from "vitest";
import type { Suggestion } from "../api/types";
import { product } from "../test/fixtures";
import { early, settled, suggestionOf } from "./rows";

const name = (text: string): Suggestion => ({ kind: "query", text });
const item = (id: number) => suggestionOf(product({ id, title: `Mug ${id}` }));
const texts = (rows: Suggestion[]) => rows.map(({ text }) => text);

test("the same product keeps its row when the store's answer comes, others fill what is left", () => {
  expect(texts(settled([item(1), item(2), item(3)], [name("mug"), item(3), item(4), item(1)]))).toEqual(["Mug 1", "mug", "Mug 3", "Mug 4"]);
});

test("what the store gives is all there is, also where it gives less", () => {
  expect(texts(settled([item(1), item(2), item(3)], [item(3)]))).toEqual(["Mug 3"]);
  expect(settled([item(1)], [])).toEqual([]);
  expect(texts(settled([], [item(2), name("mug")]))).toEqual(["Mug 2", "mug"]);
});

test("a row that stays has the store's price", () => {
  const cheaper = suggestionOf(product({ id: 1, price_cents: 100 }));
  expect(settled([item(1)], [cheaper])[0]?.product?.price_cents).toBe(100);
});

test("names that fit stand on top, each once, then the phone's products", () => {
  const names = [name("coffee mug"), name("coffee mug"), { kind: "category", text: "Travel Mugs", slug: "mugs" } as Suggestion];
  expect(texts(early(names, [product({ id: 7, title: "Mug 7" })], 8))).toEqual(["coffee mug", "Travel Mugs", "Mug 7"]);
  expect(early(names, [product()], 1)).toHaveLength(1);
});
