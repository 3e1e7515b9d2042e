// The store as a shopper sees it: where things are, by role and name.
import { expect, test as base } from "@playwright/test";
import type { Page } from "@playwright/test";

/** Every test ends with a look at the console: an error there is a bug, unless the test made the network fail.
 * `serviceWorker: false` keeps the store's worker away: what it asks for does not pass through a page's routes. */
export const test = base.extend<{ expectedErrors: RegExp[]; serviceWorker: boolean }>({
  context: async ({ context }, run) => {
    context.on("page", waitForApp);
    await run(context);
  },
  expectedErrors: [[], { option: true }],
  serviceWorker: [true, { option: true }],
  page: async ({ page, expectedErrors, serviceWorker }, run) => {
    if (!serviceWorker) {
      await page.addInitScript(() => {
        if ("ServiceWorkerContainer" in self) ServiceWorkerContainer.prototype.register = () => new Promise(() => undefined);
      });
    }
    const errors: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error") errors.push(`${message.text()} ${message.location().url}`);
    });
    page.on("pageerror", (error) => errors.push(error.message));
    await run(page);
    expect(errors.filter((error) => !expectedErrors.some((expected) => expected.test(error)))).toEqual([]);
  },
});

/** A page that is opened or reloaded is waited for until its app runs, unless only its beginning was asked for. */
function waitForApp(page: Page) {
  const goto = page.goto.bind(page);
  const reload = page.reload.bind(page);
  const running = () => page.locator("main[aria-busy=true]").waitFor({ state: "detached" }).catch(() => undefined); // a shell without scripts
  page.goto = async (url, options) => {
    const response = await goto(url, options);
    if (options?.waitUntil !== "commit") await running();
    return response;
  };
  page.reload = async (options) => {
    const response = await reload(options);
    await running();
    return response;
  };
}

export { expect };

export const field = (page: Page) => page.getByRole("combobox", { name: /^(Search|搜索)$/ });
export const tiles = (page: Page) => page.getByRole("article");
export const titles = (page: Page) => tiles(page).getByRole("heading", { level: 3 });
export const sheet = (page: Page) => page.getByRole("dialog", { name: "Filters" });
export const openFilters = async (page: Page) => {
  await page.getByRole("button", { name: /^Filters/ }).click();
  await expect(sheet(page)).toBeVisible();
};

export async function search(page: Page, query: string) {
  await field(page).click();
  await field(page).fill(query);
  await field(page).press("Enter");
  await expect(page).toHaveURL((url) => url.searchParams.get("q") === query);
  await shown(page);
}

/** Waits until the results stand, and are those that were asked for last. */
export async function shown(page: Page) {
  await expect(page.getByRole("status").filter({ hasText: /products?|件商品/ })).toBeVisible();
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
}

export const total = async (page: Page) => {
  const text = (await page.getByRole("status").filter({ hasText: /products?$/ }).textContent()) ?? "";
  return Number(text.replace(/\D/g, ""));
};
