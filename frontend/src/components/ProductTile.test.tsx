import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { product, results } from "../test/fixtures";
import { network, open } from "../test/store";

const hits = [
  { position: 1, product: product(), why: "Matches: noise cancelling, quiet", variants: null },
  { position: 2, product: product({ id: 2, title: "Lumen Mug" }), why: null, variants: null },
];

test.each(["grid", "list", "card"])("a %s says why a product is there, and nothing where there is nothing to say", async (layout) => {
  network({ "GET /api/search/": results({ total: 2, hits }) });
  open(`/search?q=mug&layout=${layout}`);
  const articles = await screen.findAllByRole("article");
  const lines = articles.map((article) => within(article).queryByText(/^Matches/));
  expect(lines.map((line) => line?.textContent)).toEqual(["Matches: noise cancelling, quiet", undefined]);
  expect(lines[0]?.title).toBe(lines[0]?.textContent); // what an ellipsis hides
});

test("the reason is no part of the link's name", async () => {
  network({ "GET /api/search/": results({ hits: hits.slice(0, 1) }) });
  open("/search?q=mug");
  expect(await screen.findByRole("link", { name: "Delta Coffee Mug" })).toBeTruthy();
});

test("a reduced price is said with what it was, and few in stock with how few", async () => {
  const reduced = product({ price_cents: 2000, sale_price_cents: 1500, stock_status: "low_stock", stock_left: 3 });
  network({ "GET /api/search/": results({ hits: [{ position: 1, product: reduced, why: null, variants: null }] }) });
  open("/search?q=mug");
  const tile = await screen.findByRole("article");
  expect(tile.textContent).toContain("now $15 was $20");
  expect(within(tile).getByText("Only 3 left")).toBeTruthy();
  expect(within(tile).getByText("−25%")).toBeTruthy();
});

test("a tile is one link and a button of its own, and says when it comes", async () => {
  network();
  open("/search?q=mug");
  const tile = within(await screen.findByRole("article"));
  expect(tile.getAllByRole("link")).toHaveLength(1);
  expect(tile.getAllByRole("button").map((button) => button.getAttribute("aria-label"))).toEqual(["Add Casalina Delta Coffee Mug to cart"]);
  expect(tile.getByText("Delivered in 2–4 days")).toBeTruthy();
});

test("what one has looked at is marked", async () => {
  localStorage.setItem("seen", "[2]");
  network({ "GET /api/search/": results({ total: 2, hits }) });
  open("/search?q=mug");
  const articles = await screen.findAllByRole("article");
  expect(articles.map((article) => within(article).queryByText(/Seen/) !== null)).toEqual([false, true]);
});

test("the first two pictures come at once, in modern formats, the others when they are near", async () => {
  const picture = (id: number) => ({ src: `/img/${id}/{w}.{f}`, widths: [160, 320], formats: ["avif", "webp"], width: 960, height: 960, color: "#e6eef3", alt: "" });
  const many = [1, 2, 3].map((id) => ({ position: id, product: product({ id, images: [picture(id)] }), why: null, variants: null }));
  network({ "GET /api/search/": results({ total: 3, hits: many }) });
  open("/search?q=mug");
  const articles = await screen.findAllByRole("article");
  const images = articles.map((article) => article.querySelector("img"));
  expect(images.map((image) => image?.getAttribute("loading"))).toEqual(["eager", "eager", "lazy"]);
  expect(images.map((image) => image?.getAttribute("fetchpriority"))).toEqual(["high", "high", "auto"]);
  expect([images[0]?.width, images[0]?.height]).toEqual([960, 960]);
  expect([...(articles[0]?.querySelectorAll("source") ?? [])].map((source) => [source.type, source.srcset])).toEqual([
    ["image/avif", "/img/1/160.avif 160w, /img/1/320.avif 320w"],
    ["image/webp", "/img/1/160.webp 160w, /img/1/320.webp 320w"],
  ]);
  expect((articles[0]?.querySelector("[data-tile-picture] > span") as HTMLElement).style.backgroundColor).toBe("rgb(230, 238, 243)");
});

test("in a list what a product has is said by its name, and what it has not is left out", async () => {
  const key_attributes = [
    { key: "color", label: "Color", value: "Blue" },
    { key: "anc", label: "Noise cancelling", value: "Yes" },
    { key: "folds", label: "Foldable", value: "No" },
  ];
  network({ "GET /api/search/": results({ hits: [{ position: 1, product: product({ key_attributes }), why: null, variants: null }] }) });
  open("/search?q=mug&layout=list");
  const facts = within(await screen.findByRole("article")).getAllByRole("definition");
  expect(facts.map((fact) => [fact.parentElement?.textContent, fact.parentElement?.hasAttribute("data-yes")])).toEqual([
    ["Color Blue", false],
    ["Noise cancelling Yes", true],
  ]);
});
