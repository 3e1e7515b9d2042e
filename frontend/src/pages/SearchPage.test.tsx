import { screen, waitFor } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { product, results } from "../test/fixtures";
import { Failure, network, noNetwork, open } from "../test/store";
import type { Request } from "../test/store";

test("a failing store is said so, and trying again brings the results", async () => {
  let broken = true;
  network({ "GET /api/search/": () => (broken ? new Failure(500) : results()) });
  const { user } = open("/search?q=mug");
  expect((await screen.findByRole("alert")).textContent).toBe("The store had a problem. It is not your fault; please try again.");
  broken = false;
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByText("1 product")).toBeTruthy();
});

test("without a network the page says that one is offline", async () => {
  network({ "GET /api/search/": noNetwork });
  open("/search?q=mug");
  expect((await screen.findByRole("alert")).textContent).toBe("You seem to be offline. Check your connection and try again.");
});

test("wrong filters are answered with the store's reason, without trying again", async () => {
  const refusal = new Failure(400, { errors: [{ field: "price_min", code: "invalid", message: "price_min: a whole number of cents." }] });
  const requests = network({ "GET /api/search/": refusal });
  open("/search?q=mug&price_min=x");
  expect((await screen.findByRole("alert")).textContent).toBe("price_min: a whole number of cents.");
  expect(requests.filter((one) => one.path === "/api/search/")).toHaveLength(1);
});

test("more results join those that are shown", async () => {
  const page = ({ params }: Request) => {
    const number = Number(params.get("page"));
    return results({ total: 2, page: number, pages: 2, hits: [{ position: number, product: product({ id: number, title: `Mug ${number}` }), why: null, variants: null }] });
  };
  network({ "GET /api/search/": page });
  const { user } = open("/search?q=mug");
  expect(await screen.findByText("1 of 2")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Load more" }));
  expect(await screen.findByText("2 of 2")).toBeTruthy();
  expect(screen.getAllByRole("heading", { level: 3 }).map((heading) => heading.textContent)).toEqual(["Mug 1", "Mug 2"]);
  expect(screen.queryByRole("button", { name: "Load more" })).toBeNull();
});

test("sorting is in the URL and asks the store", async () => {
  const requests = network();
  const { user } = open("/search?q=mug");
  await user.selectOptions(await screen.findByRole("combobox", { name: "Sort" }), "Price: low to high");
  expect(location.search).toBe("?q=mug&sort=price_asc");
  expect(requests.at(-1)?.params.get("sort")).toBe("price_asc");
});

test("nothing found says what to drop", async () => {
  network({ "GET /api/search/": results({ total: 0, pages: 0, hits: [] }) });
  const { user } = open("/search?q=mug&brand=Nobody");
  await screen.findByRole("heading", { name: "Nothing matches these filters" });
  await user.click(screen.getByRole("button", { name: "Remove all filters" }));
  expect(location.search).toBe("?q=mug");
});

test("where nothing is found there is nothing to lay out, sort or filter", async () => {
  network({ "GET /api/search/": results({ total: 0, pages: 0, hits: [] }) });
  open("/search?q=mug");
  await screen.findByRole("heading", { name: "Nothing matches “mug”" });
  expect(screen.queryByRole("combobox", { name: "Sort" })).toBeNull();
  expect(screen.queryByRole("radio")).toBeNull();
  expect(screen.queryByRole("button", { name: /Filters/ })).toBeNull();
});

const misspelt = ({ params }: Request) => {
  const typed = params.get("q") ?? "";
  const isCorrected = typed === "cofee mug" && !params.has("verbatim");
  return results({ query: typed, interpreted: { query: isCorrected ? "coffee mug" : typed, corrected_from: isCorrected ? typed : null, constraints: [], relaxed: [], drop: [] } });
};

test("a corrected spelling is said, and what was typed is one tap away, under the same filters", async () => {
  const requests = network({ "GET /api/search/": misspelt });
  const { user } = open("/search?q=cofee+mug&brand=Forno");
  expect(await screen.findByText(/Showing results for coffee mug\./)).toBeTruthy();
  await user.click(screen.getByRole("link", { name: "Search instead for cofee mug" }));
  expect(location.search).toBe("?q=cofee+mug&brand=Forno&verbatim=1");
  await vi.waitFor(() => expect(screen.queryByText(/Showing results for/)).toBeNull());
  expect(requests.findLast((one) => one.path === "/api/search/")?.params.get("verbatim")).toBe("1");
});

test("a new search corrects the spelling again", async () => {
  const requests = network({ "GET /api/search/": misspelt });
  const { user } = open("/search?q=mgu&verbatim=1");
  const box = await screen.findByRole("combobox", { name: "Search" });
  await user.clear(box);
  await user.type(box, "cofee mug{Enter}");
  expect(await screen.findByText(/Showing results for coffee mug\./)).toBeTruthy();
  expect(new URLSearchParams(location.search).has("verbatim")).toBe(false);
  expect(requests.findLast((one) => one.path === "/api/search/")?.params.has("verbatim")).toBe(false);
});

test("a title does not repeat the brand above it", async () => {
  network();
  open("/search?q=mug");
  expect(await screen.findByRole("link", { name: "Delta Coffee Mug" })).toBeTruthy();
});

test("the same page in Chinese asks for Chinese", async () => {
  const requests = network();
  open("/search?q=杯子", "zh");
  expect(await screen.findByRole("heading", { level: 1, name: "“杯子”的结果" })).toBeTruthy();
  expect(document.documentElement.lang).toBe("zh-Hans");
  expect(requests.find((one) => one.path === "/api/search/")?.params.get("lang")).toBe("zh");
});

test("a banner stands above the results and leads where it says", async () => {
  const banner = { title: "Tea time", text: "All mugs are on sale.", link: "/search?q=tea" };
  network({ "GET /api/search/": ({ params }: Request) => results(params.get("q") === "mug" ? { banner } : {}) });
  const { user } = open("/search?q=mug");
  await user.click(await screen.findByRole("link", { name: "Tea time All mugs are on sale." }));
  expect(location.search).toBe("?q=tea");
  expect(await screen.findByRole("heading", { level: 1, name: "Results for “tea”" })).toBeTruthy();
});

test("a banner whose link cannot be followed is only words", async () => {
  network({ "GET /api/search/": results({ banner: { title: "Tea time", text: "", link: "javascript:alert(1)" } }) });
  open("/search?q=mug");
  expect((await screen.findByText("Tea time")).closest("a")).toBeNull();
});

test("a redirect is followed in the place of the results, and Back leads past it", async () => {
  network({ "GET /api/search/": ({ params }: Request) => results(params.get("q") === "mug" ? { redirect: "/category/mugs?sort=newest" } : {}) });
  const entries = history.length;
  open("/search?q=mug");
  await waitFor(() => expect(location.pathname + location.search).toBe("/category/mugs?sort=newest"));
  expect(history.length).toBe(entries);
});

test("two redirects that point at each other end after one", async () => {
  network({ "GET /api/search/": ({ params }: Request) => results({ redirect: params.get("q") === "mug" ? "/search?q=cup" : "/search?q=mug" }) });
  open("/search?q=mug");
  expect(await screen.findByRole("heading", { level: 1, name: "Results for “cup”" })).toBeTruthy();
  expect(await screen.findByText("1 product")).toBeTruthy();
  expect(location.search).toBe("?q=cup");
});

test("a redirect to a place that is not allowed leaves the results", async () => {
  network({ "GET /api/search/": results({ redirect: "//evil.example/" }) });
  open("/search?q=mug");
  expect(await screen.findByText("1 product")).toBeTruthy();
});
