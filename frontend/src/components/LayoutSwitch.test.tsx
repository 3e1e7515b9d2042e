import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { product, results } from "../test/fixtures";
import { network, open } from "../test/store";

const chosen = () => screen.getAllByRole<HTMLInputElement>("radio").find((radio) => radio.checked);

test("the chosen layout is in the URL and is remembered for the next search", async () => {
  network();
  const first = open("/search?q=mug");
  await first.user.click(await screen.findByRole("radio", { name: "List" }));
  expect(location.search).toBe("?q=mug&layout=list");
  first.unmount();
  open("/search?q=lamp");
  await screen.findByRole("heading", { level: 1, name: "Results for “lamp”" });
  expect(chosen()).toBe(screen.getByRole("radio", { name: "List" }));
});

test("a layout in the URL goes before the remembered one", async () => {
  network();
  localStorage.setItem("layout", '"list"');
  open("/search?q=mug&layout=card");
  await screen.findByRole("heading", { level: 1 });
  expect(chosen()).toBe(screen.getByRole("radio", { name: "Cards" }));
});

test("a category begins with the layout that suits it", async () => {
  const laptops = { slug: "laptop", name: "Laptop", count: 3, image: null, default_layout: "list", children: [] };
  network({ "GET /api/categories/": [laptops] });
  open("/category/laptop");
  await screen.findByRole("heading", { level: 1, name: "Laptop" });
  expect(chosen()).toBe(screen.getByRole("radio", { name: "List" }));
});

test("results begin with the layout that suits most of them", async () => {
  network({ "GET /api/search/": results({ default_layout: "list" }) });
  open("/search?q=laptop");
  await screen.findByText("1 product");
  expect(chosen()).toBe(screen.getByRole("radio", { name: "List" }));
  expect(location.search).toBe("?q=laptop");
});

test("a layout in the URL that is none is not one", async () => {
  network();
  open("/search?q=mug&layout=spiral");
  await screen.findByText("1 product");
  expect(chosen()).toBe(screen.getByRole("radio", { name: "Grid" }));
});

test.each([
  ["list", ["16 GB", "Red"]],
  ["card", ["16 GB", "Red"]],
  ["grid", []],
])("a %s shows the facts that it is for", async (layout, facts) => {
  const key_attributes = [
    { key: "ram_gb", label: "Memory", value: "16 GB" },
    { key: "color", label: "Color", value: "Red" },
  ];
  network({ "GET /api/search/": results({ hits: [{ position: 1, product: product({ key_attributes }), why: null, variants: null }] }) });
  open(`/search?q=laptop&layout=${layout}`);
  const tile = within(await screen.findByRole("article"));
  expect(tile.queryAllByRole("definition").map((fact) => fact.textContent)).toEqual(facts);
  expect(tile.queryAllByRole("term").map((label) => label.textContent.trim())).toEqual(facts.length ? ["Memory", "Color"] : []);
});
