import { expect, test } from "vitest";
import { activeFilters, apiParams, toggled, withoutFilters, withPicks } from "./searchParams";
import { facet, value } from "./test/fixtures";

const url = (text: string) => new URLSearchParams(text);

test("the API gets the query, sort, filters and category, and none of what is only for the page", () => {
  const params = apiParams(url("q=mug&layout=list&sort=price_asc&brand=Forno&brand=Casalina&attr=color:black&lang=zh"), "kitchen");
  expect(params.toString()).toBe("q=mug&sort=price_asc&brand=Forno&brand=Casalina&attr=color%3Ablack&category=kitchen&page_size=24");
});

test("the API is told to take the words as they were typed", () => {
  expect(apiParams(url("q=wireles+mosue&verbatim=1"), undefined).toString()).toBe("q=wireles+mosue&verbatim=1&page_size=24");
});

test("a second value of a facet joins the first", () => {
  const brand = facet({ key: "brand", values: [] });
  expect(toggled(url("q=mug&brand=Forno"), brand, value({ value: "Casalina" })).toString()).toBe("q=mug&brand=Forno&brand=Casalina");
});

test("picking a value again takes it out and leaves the others", () => {
  const color = facet({ key: "attr.color", values: [] });
  expect(toggled(url("attr=color:black&attr=size:M"), color, value({ value: "black", selected: true })).toString()).toBe("attr=size%3AM");
});

test("a price band sets both ends, and the open band only one", () => {
  const price = facet({ key: "price", kind: "price", values: [] });
  expect(toggled(url(""), price, value({ value: "1000-2499", min_cents: 1000, max_cents: 2499 })).toString()).toBe("price_min=1000&price_max=2499");
  expect(toggled(url("price_min=1000&price_max=2499"), price, value({ value: "50000-", min_cents: 50000 })).toString()).toBe("price_min=50000");
});

test("a lower rating replaces the higher one, and the same one is taken out", () => {
  const rating = facet({ key: "rating", kind: "rating", values: [] });
  expect(toggled(url("rating=4"), rating, value({ value: "3" })).toString()).toBe("rating=3");
  expect(toggled(url("rating=4"), rating, value({ value: "4", selected: true })).toString()).toBe("");
});

test("clearing filters keeps the query, the sort and the layout", () => {
  expect(withoutFilters(url("q=mug&sort=rating&layout=card&brand=Forno&in_stock=1&category=kitchen")).toString()).toBe("q=mug&sort=rating&layout=card");
});

test("every value counts as one active filter", () => {
  expect(activeFilters(url("q=mug&brand=A&brand=B&rating=4&category=kitchen&sort=rating"))).toBe(4);
});

test("what the URL narrows by is picked, whatever the last answer said", () => {
  const values = [value({ value: "black" }), value({ value: "white", selected: true })];
  const [color] = withPicks(url("attr=color:black"), [facet({ key: "attr.color", values })]);
  expect(color?.values.map((one) => one.selected)).toEqual([true, false]);
  const bands = [value({ value: "0-999", min_cents: 0, max_cents: 999 }), value({ value: "1000-2499", min_cents: 1000, max_cents: 2499 })];
  const [price] = withPicks(url("price_max=999"), [facet({ key: "price", kind: "price", values: bands })]);
  expect(price?.values.map((one) => one.selected)).toEqual([true, false]);
});
