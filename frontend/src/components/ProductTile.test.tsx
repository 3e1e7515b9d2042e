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
