import { render, screen, within } from "@testing-library/react";
import { MemoryRouter } from "react-router";
import { expect, test } from "vitest";
import type { ProductDetail } from "../api/types";
import { product, results } from "../test/fixtures";
import { network, open } from "../test/store";
import { VariantChoice } from "./VariantChoice";

const variant = (id: number, color: string, stock_status: "in_stock" | "out_of_stock" = "in_stock") => ({
  id,
  title: `Mug, ${color}`,
  price_cents: 1200,
  sale_price_cents: null,
  currency: "USD",
  stock_status,
  stock_left: null,
  image: null,
  attributes: [{ key: "color", label: "Color", value: color }],
  is_shown: id === 1,
});
const detail = (variants: ProductDetail["variants"]): ProductDetail => ({ ...product(), description: "", attributes: [], breadcrumbs: [], similar: [], variants }) as unknown as ProductDetail;
const page = (variants: ProductDetail["variants"]) =>
  render(
    <MemoryRouter>
      <VariantChoice product={detail(variants)} />
    </MemoryRouter>,
  );

test("a product's page offers all variants, marks its own and says what is sold out", () => {
  page({ axes: [{ key: "color", label: "Color", values: ["Red", "Blue"] }], products: [variant(1, "Red"), variant(2, "Blue", "out_of_stock")] });
  const [red, blue] = within(screen.getByRole("navigation", { name: "Variants" })).getAllByRole("link");
  expect(red?.getAttribute("aria-current")).toBe("true");
  expect(red?.textContent).toContain("Red$12");
  expect(blue?.getAttribute("href")).toBe("/product/2");
  expect(blue?.getAttribute("aria-current")).toBeNull();
  expect(blue?.textContent).toContain("Out of stock");
});

test("a product without variants offers none", () => {
  const { container } = page(null);
  expect(container.textContent).toBe("");
});

test("a hit says what there is to choose from", async () => {
  const axes = [{ key: "color", label: "Color", count: 3, text: "3 colors" }, { key: "size", label: "Size", count: 2, text: "2 sizes" }];
  network({ "GET /api/search/": results({ total: 1, hits: [{ position: 1, product: product(), why: null, variants: { count: 5, axes } }] }) });
  open("/search?q=mug");
  expect((await screen.findByRole("article")).textContent).toContain("3 colors · 2 sizes");
});

test("where nothing tells how they differ, a hit says how many more there are", async () => {
  network({ "GET /api/search/": results({ total: 1, hits: [{ position: 1, product: product(), why: null, variants: { count: 2, axes: [] } }] }) });
  open("/search?q=mug");
  expect((await screen.findByRole("article")).textContent).toContain("2 more variants");
});
