import { fireEvent, screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { facet, product, results, value } from "../test/fixtures";
import { network, open } from "../test/store";

const names = Array.from({ length: 20 }, (_, number) => `Brand ${String.fromCharCode(65 + number)}`);
const brands = facet({ key: "brand", label: "Brand", values: names.map((name) => value({ value: name })) });
const price = facet({ key: "price", label: "Price", kind: "price", values: [value({ value: "1000-2499", min_cents: 1000, max_cents: 2499 })], min_cents: 500, max_cents: 100_000 });

const withFacets = async (facets: ReturnType<typeof facet>[], address = "/search?q=mug") => {
  const requests = network({ "GET /api/search/": results({ facets }) });
  const { user } = open(address);
  await screen.findByText("1 product");
  return { requests, user, side: within(screen.getByRole("complementary", { name: "Filters" })) };
};
const labels = (group: HTMLElement) => within(group).getAllByRole("checkbox").map((box) => box.closest("label")?.querySelector("span")?.textContent);

test("of more than six values the others are one tap away, and are counted", async () => {
  const { side, user } = await withFacets([brands]);
  const group = side.getByRole("group", { name: "Brand" });
  expect(labels(group)).toEqual(names.slice(0, 6));
  await user.click(side.getByRole("button", { name: "Show 14 more" }));
  expect(labels(group)).toEqual(names);
  await user.click(side.getByRole("button", { name: "Show less" }));
  expect(labels(group)).toHaveLength(6);
});

test("a brand is found by typing a part of its name", async () => {
  const { side, user } = await withFacets([brands]);
  const group = side.getByRole("group", { name: "Brand" });
  await user.type(side.getByRole("searchbox", { name: "Find a brand" }), " d t");
  expect(labels(group)).toEqual(["Brand T"]);
  await user.type(side.getByRole("searchbox", { name: "Find a brand" }), "zz");
  expect(within(group).queryByRole("checkbox")).toBeNull();
  expect(within(group).getByText("Nothing is called “ d tzz”.")).toBeTruthy();
});

test("values without products keep their place behind those that have some, and cannot be picked", async () => {
  const sizes = ["S", "M", "L", "XL", "XXL", "3XL", "4XL", "5XL"].map((size, number) => value({ value: size, count: number < 2 ? 0 : 4 }));
  const { side, user } = await withFacets([facet({ key: "attr.size", label: "Size", values: sizes })]);
  const group = side.getByRole("group", { name: "Size" });
  expect(labels(group)).toEqual(["L", "XL", "XXL", "3XL", "4XL", "5XL"]);
  await user.click(side.getByRole("button", { name: "Show 2 more" }));
  expect(labels(group).slice(0, 2)).toEqual(["S", "M"]);
  expect(within(group).getByRole<HTMLInputElement>("checkbox", { name: /^S/ }).disabled).toBe(true);
});

test("filters that few products have are behind one more tap, those that are set never", async () => {
  const many = Array.from({ length: 13 }, (_, number) => facet({ key: `attr.a${number}`, label: `Fact ${number}`, values: [value({ value: "yes" })] }));
  const { side } = await withFacets(many, "/search?q=mug&attr=a12:yes");
  expect(side.getByText("1 more filter")).toBeTruthy();
  const details = side.getByText("1 more filter").closest("details");
  expect(details?.textContent).toContain("Fact 11");
  expect(details?.textContent).not.toContain("Fact 12");
});

test("attributes on cards of later pages become filters too", async () => {
  const page = (number: number, key: string) =>
    results({ total: 2, page: number, pages: 2, hits: [{ position: number, product: product({ id: number }), why: null, variants: null }], facets: [brands, facet({ key, label: key, values: [value({ value: "yes" })] })] });
  network({ "GET /api/search/": ({ params }: { params: URLSearchParams }) => (params.get("page") === "1" ? page(1, "attr.one") : page(2, "attr.two")) });
  const { user } = open("/search?q=mug");
  await user.click(await screen.findByRole("button", { name: "Load more" }));
  expect(await screen.findByRole("group", { name: "attr.two" })).toBeTruthy();
  expect(screen.getAllByRole("group", { name: "Brand" })).toHaveLength(1);
});

test("a thumb of the price slider asks once it is let go, and the range is one chip and one filter", async () => {
  const { side, user, requests } = await withFacets([price]);
  const before = requests.length;
  const high = side.getByRole<HTMLInputElement>("slider", { name: "Highest price" });
  expect(high.getAttribute("aria-valuetext")).toBe("$1,000");
  fireEvent.input(high, { target: { value: "20" } });
  expect(requests).toHaveLength(before);
  expect(side.getByRole("slider", { name: "Highest price" }).getAttribute("aria-valuetext")).toBe("$71");
  fireEvent(high, new Event("change", { bubbles: true }));
  expect(location.search).toBe("?q=mug&price_max=7100");
  await user.type(side.getByRole("textbox", { name: "From" }), "12{Enter}");
  expect(location.search).toBe("?q=mug&price_max=7100&price_min=1200");
  expect(screen.getByRole("button", { name: "Filters, 1 active" })).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Remove filter $12 – $71" }));
  expect(location.search).toBe("?q=mug");
});

test("the thumbs do not pass each other, and an end of the scale is no filter", async () => {
  const { side } = await withFacets([price], "/search?q=mug&price_max=7100");
  const low = side.getByRole<HTMLInputElement>("slider", { name: "Lowest price" });
  fireEvent.input(low, { target: { value: "39" } });
  expect(low.value).toBe("19");
  const high = side.getByRole<HTMLInputElement>("slider", { name: "Highest price" });
  fireEvent.input(high, { target: { value: "40" } });
  fireEvent(high, new Event("change", { bubbles: true }));
  expect(location.search).toBe("?q=mug");
});

test("a few values are offered as chips before the sheet is opened", async () => {
  const stock = facet({ key: "in_stock", label: "Availability", kind: "toggle", values: [value({ value: "1", count: 8 })] });
  const rating = facet({ key: "rating", label: "Rating", kind: "rating", values: [value({ value: "4", count: 2 }), value({ value: "3", count: 5 })] });
  const { user } = await withFacets([stock, rating, price]);
  const chips = screen.getAllByRole("button", { name: /^(In stock only|3 stars and up|\$10 – \$25)/ });
  expect(chips.map((chip) => chip.textContent)).toEqual(["In stock only8", "3 stars and up5", "$10 – $253"]);
  await user.click(screen.getByRole("button", { name: /^In stock only/ }));
  expect(location.search).toBe("?q=mug&in_stock=1");
});
