import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { constraint, facet, results, value } from "../test/fixtures";
import { network, open } from "../test/store";

const red = constraint({ key: "attr.color", text: "red", label: "Red", values: ["red"], without: "mug under $20" });
const cheap = constraint({ key: "price", text: "under $20", label: "Under $20", max_cents: 1999, without: "red mug" });
const color = facet({ key: "attr.color", label: "Color", values: [value({ value: "red", label: "Red", selected: true }), value({ value: "blue", label: "Blue" })] });
const spoken = results({
  query: "red mug under $20",
  interpreted: { query: "mug", corrected_from: null, constraints: [red, cheap], relaxed: [], drop: [] },
  facets: [color],
});

test("a constraint said in words is a chip, once, and removing it searches without those words", async () => {
  const requests = network({ "GET /api/search/": spoken });
  const { user } = open("/search?q=red+mug+under+$20&sort=rating");
  await user.click(await screen.findByRole("button", { name: "Remove filter Under $20" }));
  expect(location.search).toBe("?q=red+mug&sort=rating");
  expect(requests.at(-1)?.params.get("q")).toBe("red mug");
});

test("the facet of a constraint is ticked, and unticking it searches without those words", async () => {
  network({ "GET /api/search/": spoken });
  const { user } = open("/search?q=red+mug+under+$20");
  expect(await screen.findAllByRole("button", { name: "Remove filter Red" })).toHaveLength(1);
  const box = screen.getByRole("checkbox", { name: /^Red/ });
  expect((box as HTMLInputElement).checked).toBe(true);
  await user.click(box);
  expect(location.search).toBe("?q=mug+under+%2420");
});

test("clearing all takes out what was picked and what was said", async () => {
  network({ "GET /api/search/": spoken });
  const { user } = open("/search?q=red+mug+under+$20&in_stock=1");
  await user.click(await screen.findByRole("button", { name: "Clear all" }));
  expect(location.search).toBe("?q=mug");
});

test("picking another value keeps the query: the store lets the hand win", async () => {
  network({ "GET /api/search/": spoken });
  const { user } = open("/search?q=red+mug");
  await user.click(await screen.findByRole("checkbox", { name: /^Blue/ }));
  expect(location.search).toBe("?q=red+mug&attr=color%3Ablue");
});

test("what leaves nothing is said, with a search that does without it", async () => {
  const relaxed = { ...cheap, text: "under $2", without: "mug", message: "Nothing under $2; the cheapest is $9." };
  network({ "GET /api/search/": results({ interpreted: { query: "mug", corrected_from: null, constraints: [], relaxed: [relaxed], drop: [] } }) });
  const { user } = open("/search?q=mug+under+$2&sort=rating");
  expect(await screen.findByText(/Nothing under \$2; the cheapest is \$9\./)).toBeTruthy();
  await user.click(screen.getByRole("link", { name: "Search without “under $2”" }));
  expect(location.search).toBe("?q=mug&sort=rating");
});

test("the link is in Chinese on a Chinese page", async () => {
  const relaxed = { ...cheap, text: "10元以下", without: "杯子", message: "没有 $10 以下的商品,最低价为 $19。" };
  network({ "GET /api/search/": results({ interpreted: { query: "杯子", corrected_from: null, constraints: [], relaxed: [relaxed], drop: [] } }) });
  open("/search?q=杯子10元以下", "zh");
  expect(await screen.findByRole("link", { name: "不要“10元以下”重新搜索" })).toBeTruthy();
});
