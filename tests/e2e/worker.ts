// The store before the service worker, and after it.
import { AxeBuilder } from "@axe-core/playwright";
import type { Locator, Page } from "@playwright/test";
import { openDoor } from "./door";
import type { Door } from "./door";
import { expect, test as base, titles } from "./store";

export { expect };

/** What is between the browser and the store can be broken; requests that fail are what these tests are about. */
export const test = base.extend<{ door: Door }>({
  expectedErrors: [/Failed to load resource|net::ERR_/],
  door: async ({ baseURL }, run) => {
    const door = await openDoor(baseURL ?? "");
    await run(door);
    await door.shut().catch(() => undefined);
  },
});

export const banner = (page: Page) => page.getByRole("status").filter({ hasText: "You are offline." });
export const cartTab = (page: Page) => page.getByRole("navigation").getByRole("link", { name: /Cart$/ }).filter({ visible: true });
export const notice = (page: Page, name: string) => page.getByRole("region", { name });

export async function isAccessible(part: Locator) {
  const page = part.page();
  const name = (await part.getAttribute("aria-label")) ?? "";
  const { violations } = await new AxeBuilder({ page }).include(`[aria-label="${name}"]`).analyze();
  expect(violations.map((one) => [one.id, one.nodes.map((node) => node.html)])).toEqual([]);
}

/** Opens the page, and waits until the service worker has taken over and keeps what is shown. */
export async function settle(page: Page, address: string) {
  await page.goto(address);
  await page.evaluate(async () => {
    while (!navigator.serviceWorker.controller) {
      dispatchEvent(new Event("pointerdown")); // the worker comes when the page is used
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });
  await expect.poll(() => kept(page)).toContainEqual(expect.stringMatching(/^\/api\/categories/));
}

export const kept = (page: Page) =>
  page.evaluate(async () => (await (await caches.open("answers-1")).keys()).map((request) => new URL(request.url).pathname + new URL(request.url).search));

export const addFirst = async (page: Page) => {
  const title = ((await titles(page).first().textContent()) ?? "").trim();
  await page.getByRole("button", { name: /^Add .* to cart$/ }).first().click();
  return title;
};

export const cartQuantity = (page: Page) =>
  page.evaluate(async () => {
    const cart = (await (await fetch("/api/cart/")).json()) as { items: { quantity: number }[] };
    return cart.items.map((line) => line.quantity);
  });

export async function fillDelivery(page: Page) {
  const fields = { "E-mail": "ada@example.com", "Full name": "Ada", "Street and number": "Main St 1", Postcode: "N1", City: "London" };
  for (const [name, text] of Object.entries(fields)) await page.getByRole("textbox", { name }).fill(text);
}
