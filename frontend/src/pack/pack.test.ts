import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { cardAt } from "./cards";
import { editDistance } from "./edits";
import { readPack } from "./format";
import { PackSearch } from "./search";
import { fold, pieces } from "./tokens";
import { WordIndex } from "./wordIndex";

// What Python wrote (tests/search/packs.py): a pack, and its own answers to 200 queries.
const FIXTURES = process.env["PACK_FIXTURES"] ?? resolve("src/pack/fixtures");
const file = () => new Uint8Array(gunzipSync(readFileSync(`${FIXTURES}/small.pack.gz`))).buffer;
const answers = JSON.parse(readFileSync(`${FIXTURES}/answers.json`, "utf8")) as { query: string; ids: number[] }[];

test("the phone gives the same first ten products as the reference for 200 queries", () => {
  const pack = readPack(file());
  const search = new PackSearch(pack);
  const found = answers.map(({ query }) => ({ query, ids: search.search(query, 10).map((row) => pack.about.cards.id[row]) }));
  expect(found).toEqual(answers);
  expect(answers.length).toBe(200);
});

test("a file that is cut off, another file and another layout are refused", () => {
  expect(() => readPack(file().slice(0, -1))).toThrow("ends too early");
  expect(() => readPack(new TextEncoder().encode("no pack at all").buffer)).toThrow("no pack");
  const text = new TextEncoder().encode('{"layout":99}');
  const bytes = new Uint8Array(8 + text.length);
  bytes.set(new TextEncoder().encode("PACK"));
  new DataView(bytes.buffer).setUint32(4, text.length, true);
  bytes.set(text, 8);
  expect(() => readPack(bytes.buffer)).toThrow("layout 99");
});

test("a packed product is a card in the shopper's language", () => {
  const { cards } = readPack(file()).about;
  const row = cards.id.indexOf(101);
  const card = cardAt(cards, row, "zh");
  expect(card).toMatchObject({ id: 101, title: cards.zh[row], price_cents: 537, sale_price_cents: null, stock_status: "in_stock" });
  expect(card.images[0]?.src).toBe("/img/a1/{w}.{f}");
  expect(cardAt(cards, row, "en")).toMatchObject({ title: cards.title[row], category: { slug: "kitchen", name: "Kitchen" } });
  expect(cardAt(cards, 0, "en")).toMatchObject({ images: [], stock_status: "out_of_stock" });
});

test("words lose accents and a plural's s, and Chinese becomes pairs of characters", () => {
  expect(pieces("Crème-Brûlée 2.5 m")).toEqual(["creme", "brulee", "2.5", "m"]);
  expect(pieces("16GB内存 红色咖啡杯")).toEqual(["16gb", "内存", "红色", "色咖", "咖啡", "啡杯"]);
  expect(["mugs", "gas", "glass", "usb"].map(fold)).toEqual(["mug", "gas", "glass", "usb"]);
});

const index = new WordIndex(["Coffee mug", "Coffee maker", "Wireless headphones", "红色咖啡杯"], (word) => word === "coffer");
const read = (text: string) => index.read(text).map(({ words }) => words.map(({ number, weight }) => [index.words[number], weight]));

test("an unfinished word is read as what begins like it, a finished one is not", () => {
  expect(read("coffee m")).toEqual([[["coffee", 1]], [["maker", 0.9], ["mug", 0.9]]]);
  expect(read("coffee m ")).toEqual([[["coffee", 1]], []]);
});

test("a typo is put right, in an unfinished word too", () => {
  expect(read("cofee ")).toEqual([[["coffee", 0.6]]]);
  expect(read("hedph")).toEqual([[["headphone", 0.6]]]);
  expect(read("mag ")).toEqual([[]]);
});

test("a word of the language is no typo", () => {
  expect(read("coffer ")).toEqual([[]]);
  expect(read("coffex ")).toEqual([[["coffee", 0.6]]]);
});

test("Chinese is found by its characters, a single one begins pairs", () => {
  expect(read("咖啡 ")).toEqual([[["咖啡", 1]]]);
  expect(read("咖")).toEqual([[["咖啡", 0.9]]]);
});

test("edits are inserted, deleted, replaced and swapped letters", () => {
  expect([["mug", "mug"], ["mug", "mugs"], ["mug", "mag"], ["mug", "mgu"], ["mug", "lamp"]].map(([a, b]) => editDistance(a ?? "", b ?? "", 2))).toEqual([0, 1, 1, 1, 3]);
});
