// Every screen, as many people will see it: on a narrow phone, in light and dark, read by a screen reader.
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, field, openFilters, shown, test } from "./store";

const fillCart = async (page: Page) => {
  await page.goto("/search?q=mug");
  const added = page.waitForResponse((response) => response.url().includes("/api/cart/items/"));
  await page.getByRole("button", { name: /^Add .* to cart$/ }).first().click();
  await added;
};
const SCREENS: Record<string, (page: Page) => Promise<unknown>> = {
  home: (page) => page.goto("/"),
  "results as list": (page) => page.goto("/search?q=headphones&layout=list"),
  "results as cards": (page) => page.goto("/search?q=headphones&layout=card"),
  "results as grid": (page) => page.goto("/search?q=headphones&layout=grid"),
  category: (page) => page.goto("/category/kitchen"),
  departments: (page) => page.goto("/browse"),
  "filter sheet": async (page) => {
    await page.goto("/search?q=headphones&in_stock=1");
    await shown(page);
    await openFilters(page);
  },
  "nothing found": (page) => page.goto("/search?q=mug&brand=NoSuchBrand"),
  suggestions: async (page) => {
    await page.goto("/");
    await field(page).click();
    await field(page).pressSequentially("coffee");
    await expect(page.getByRole("option").nth(3)).toBeVisible();
  },
  product: (page) => page.goto("/product/1"),
  "empty cart": (page) => page.goto("/cart"),
  cart: async (page) => {
    await fillCart(page);
    await page.goto("/cart");
  },
  checkout: async (page) => {
    await fillCart(page);
    await page.goto("/checkout");
    await page.getByRole("button", { name: /^Place order/ }).click(); // with problems shown
    await expect(page.getByText("Please fill this in.").first()).toBeVisible();
  },
  orders: (page) => page.goto("/orders"),
  account: (page) => page.goto("/account"),
  "not found": (page) => page.goto("/no-such-page"),
};
const settle = async (page: Page) => {
  await expect(page.getByRole("heading").first()).toBeVisible();
  await page.waitForLoadState("networkidle");
};

test.use({ viewport: { width: 320, height: 640 }, expectedErrors: [/404 \(Not Found\).*no-such-page/] });

for (const [name, go] of Object.entries(SCREENS)) {
  test(`${name}: no violations in light and dark, nothing beyond 320 px, targets large enough`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
    await go(page);
    await settle(page);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]).analyze();
      expect(violations.map((one) => [colorScheme, one.id, one.nodes.map((node) => node.html)])).toEqual([]);
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
    expect(await page.evaluate(smallTargets)).toEqual([]);
  });
}

/** Buttons and links under 24 px either way, links within a sentence aside. */
function smallTargets(): string[] {
  return [...document.querySelectorAll<HTMLElement>("button, a, select, input:not(.visually-hidden), [role=option]")]
    .filter((one) => one.checkVisibility() && !one.closest("[inert]") && !one.matches("[class*=skip], .visually-hidden, article a"))
    .filter((one) => {
      const box = one.getBoundingClientRect();
      return box.width > 0 && (box.width < 24 || box.height < 24);
    })
    .map((one) => one.outerHTML.slice(0, 120));
}

for (const address of ["/", "/search?q=headphones", "/category/kitchen", "/product/1"]) {
  test(`nothing moves while ${address} loads`, async ({ page }) => {
    await page.addInitScript(() => {
      Object.assign(window, { moved: [] });
      const { moved } = window as unknown as { moved: number[] };
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) moved.push((entry as PerformanceEntry & { value: number }).value);
      }).observe({ type: "layout-shift", buffered: true });
    });
    await page.goto(address);
    await settle(page);
    await page.waitForTimeout(300);
    const moved = await page.evaluate(() => (window as unknown as { moved: number[] }).moved.reduce((sum, one) => sum + one, 0));
    expect(moved).toBeLessThan(0.02);
  });
}

test.describe("when the store fails", () => {
  test.use({ expectedErrors: [/Failed to load resource/], serviceWorker: false });

  test("an error is said, and trying again recovers", async ({ page }) => {
    let broken = true;
    await page.route("**/api/search/**", (route) => (broken ? route.fulfill({ status: 500, json: { errors: [] } }) : route.continue()));
    await page.goto("/");
    await field(page).fill("mug");
    await field(page).press("Enter"); // the first page's answers come with it
    await expect(page.getByRole("alert")).toHaveText("The store had a problem. It is not your fault; please try again.");
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map((one) => one.id)).toEqual([]);
    broken = false;
    await page.getByRole("button", { name: "Try again" }).click();
    await expect(page.getByRole("article").first()).toBeVisible();
  });

  test("without a network the page says that one is offline", async ({ page }) => {
    await page.route("**/api/home/**", (route) => route.abort());
    await page.goto("/cart");
    await page.getByRole("link", { name: "Home" }).last().click();
    await expect(page.getByRole("alert")).toHaveText("You seem to be offline. Check your connection and try again.");
  });

  test("an address that is nowhere has status 404 and ways on", async ({ page }) => {
    const answer = await page.goto("/no-such-page");
    expect(answer?.status()).toBe(404);
    await expect(page.getByRole("heading", { level: 1, name: "There is nothing here" })).toBeVisible();
    await page.getByRole("link", { name: "Kitchen" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Kitchen" })).toBeVisible();
  });
});

test.describe("on a wide screen", () => {
  test.use({ viewport: { width: 1280, height: 800 }, isMobile: false, hasTouch: false });

  test("filters stand beside the results", async ({ page }) => {
    await page.goto("/search?q=headphones");
    const filters = page.getByRole("complementary", { name: "Filters" });
    await filters.getByRole("group", { name: "Brand" }).getByRole("checkbox").first().click({ force: true });
    await expect(page).toHaveURL(/brand=/);
    await shown(page);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map((one) => [one.id, one.nodes.map((node) => node.html)])).toEqual([]);
  });
});
