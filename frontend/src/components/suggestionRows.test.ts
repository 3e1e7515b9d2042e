import { expect, test } from "vitest";
import type { Suggestion } from "../api/types";
import { begins, emptyRows, typedRows } from "./suggestionRows";

const query = (text: string): Suggestion => ({ kind: "query", text });
const texts = (rows: { text: string }[]) => rows.map((row) => row.text);
const nothing = { recent: [], answer: undefined, last: [], known: [] };

test.each([
  ["coffee mug", "cof", true],
  ["coffee mug", "mu", true],
  ["coffee mug", "fee", false],
  ["不锈钢保温杯", "保温", true],
])("%s for %s: %s", (text, typed, expected) => expect(begins(text, typed)).toBe(expected));

test("an empty field offers at most five own searches, then popular ones that are not among them", () => {
  const own = ["a", "b", "c", "d", "e", "f"];
  expect(texts(emptyRows(own, [query("f"), query("lamp"), query("mug")]))).toEqual(["a", "b", "c", "d", "e", "lamp", "mug"]);
});

test("before the answer is there, what is known and fits is offered", () => {
  expect(texts(typedRows("cof", { ...nothing, recent: ["coffee", "tea"], known: [query("coffee mug"), query("sofa")], last: [query("sofa")] }))).toEqual(["coffee", "coffee mug"]);
});

test("the last rows stay rather than none, and an empty answer empties them", () => {
  expect(texts(typedRows("cof", { ...nothing, last: [query("code"), query("cable")] }))).toEqual(["code", "cable"]);
  expect(typedRows("cof", { ...nothing, answer: [], last: [query("code")], known: [query("coffee")] })).toEqual([]);
});

test("never more than eight rows", () => {
  const many = Array.from({ length: 12 }, (_, number) => query(`coffee ${number}`));
  expect(typedRows("cof", { ...nothing, recent: ["coffee"], answer: many })).toHaveLength(8);
  expect(emptyRows(["tea"], many)).toHaveLength(8);
});

test("what several answers suggested stands there once", () => {
  expect(texts(typedRows("cof", { ...nothing, known: [query("coffee"), query("coffee"), query("coffee mug")] }))).toEqual(["coffee", "coffee mug"]);
});
