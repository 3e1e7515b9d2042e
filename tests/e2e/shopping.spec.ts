import type { Page } from "@playwright/test";
import { expect, search, test, tiles, titles } from "./store";

const cart = (page: Page) => page.getByRole("navigation").getByRole("link", { name: /Cart$/ }).filter({ visible: true });
const addFirst = async (page: Page) => {
  const added = page.waitForResponse((response) => response.url().includes("/api/cart/items/"));
  await page.getByRole("button", { name: /^Add .* to cart$/ }).first().click();
  await expect(page.getByText("Added to cart")).toBeVisible();
  await added;
};

test("from a search to an order", async ({ page }) => {
  await page.goto("/");
  await search(page, "notebook paper");
  await titles(page).first().getByRole("link").click();
  await expect(page).toHaveURL(/\/product\//);
  await expect(page.getByRole("button", { name: "Add to cart" }).first()).toBeVisible();
  const title = (await page.getByRole("heading", { level: 1 }).textContent()) ?? "";
  const add = page.getByRole("button", { name: "Add to cart" }).first();
  await add.click();
  await expect(cart(page)).toHaveText(/^1/);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(cart(page)).not.toHaveText(/\d/);
  await add.click();
  await page.getByRole("button", { name: "View cart" }).click();
  await expect(page.getByRole("link", { name: title })).toBeVisible();
  await page.getByRole("button", { name: "One more" }).click();
  await expect(cart(page)).toHaveText(/^2/);
  await page.getByRole("link", { name: "Check out" }).click();
  await page.getByRole("textbox", { name: "E-mail" }).fill("ada@example.com");
  await page.getByRole("textbox", { name: "Full name" }).fill("Ada Lovelace");
  await page.getByRole("textbox", { name: "Street and number" }).fill("12 St James's Square");
  await page.getByRole("textbox", { name: "Postcode" }).fill("SW1Y 4JH");
  await page.getByRole("textbox", { name: "City" }).fill("London");
  await page.getByRole("combobox", { name: "Country" }).selectOption("GB");
  await page.getByRole("button", { name: /^Place order/ }).click();
  await expect(page.getByText("Thank you!")).toBeInViewport();
  await expect(page.getByRole("link", { name: title })).toBeVisible();
  await expect(cart(page)).not.toHaveText(/\d/);
  await page.goto("/orders");
  await page.getByRole("link", { name: /Placed/ }).click();
  await expect(page.getByRole("link", { name: title })).toBeVisible();
});

test("the cart is kept over a reload and through signing up", async ({ page }) => {
  await page.goto("/search?q=lamp");
  await addFirst(page);
  await page.reload();
  await expect(cart(page)).toHaveText(/^1/);
  await page.goto("/account");
  await page.getByRole("button", { name: "New here? Create account" }).click();
  await page.getByRole("textbox", { name: "Full name" }).fill("Ada");
  await page.getByRole("textbox", { name: "E-mail" }).fill(`ada-${Date.now()}@example.com`);
  await page.getByRole("textbox", { name: "Password" }).fill("a long pass phrase 1815");
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Hello Ada" })).toBeVisible();
  await expect(cart(page)).toHaveText(/^1/);
});

test("what one has looked at is on the home page and marked in results", async ({ page }) => {
  await page.goto("/search?q=lamp");
  const title = (await titles(page).first().textContent()) ?? "";
  await titles(page).first().getByRole("link").click();
  await expect(page.getByRole("button", { name: "Add to cart" }).first()).toBeVisible();
  await page.goto("/");
  await expect(page.getByRole("list", { name: "Recently seen" }).getByRole("link", { name: title })).toBeVisible();
  await page.goto("/search?q=lamp");
  await expect(tiles(page).first()).toContainText("Seen");
});
