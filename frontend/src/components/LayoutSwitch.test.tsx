import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
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
