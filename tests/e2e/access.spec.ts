// Every screen for everybody: screen readers, fingers of all sizes, large text, little motion, high contrast, a long way
// from a mouse. The screens at 320 px are in screens.spec.ts; here are those that only open by a tap, and what is measured.
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, field, openFilters, sheet, shown, test } from "./store";

const ADDRESSES = ["/", "/search?q=headphones&layout=list", "/search?q=headphones&layout=grid", "/search?q=headphones&layout=card", "/search?q=qwzxv", "/category/kitchen", "/browse", "/product/1", "/cart", "/checkout", "/orders", "/account"];
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

const fillCart = async (page: Page) => {
  await page.goto("/product/1");
  const added = page.waitForResponse((response) => response.url().includes("/api/cart/items/"));
  await page.getByRole("button", { name: "Add to cart" }).first().click();
  await added;
};
const settle = async (page: Page) => {
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.waitForLoadState("networkidle");
};
const violations = async (page: Page) => {
  const found = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  return found.violations.map((one) => [one.id, one.nodes.map((node) => node.html)]);
};

/** Visible controls as boxes with names; a tile's link counts as the tile that it covers, an input as its label. */
function targets() {
  const seen = [...document.querySelectorAll<HTMLElement>("button, a[href], select, input:not(.visually-hidden), label:has(input.visually-hidden), [role=option]")];
  return seen
    .filter((one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !one.closest("[inert]") && !one.matches("[class*=skip]"))
    .map((one) => {
      const covering = one.matches("h3 a") ? one.closest("article") : one.matches("input") ? one.closest("label") : null;
      const { x, y, width, height } = (covering ?? one).getBoundingClientRect();
      return { name: (one.getAttribute("aria-label") ?? one.textContent ?? "").trim().slice(0, 40), x, y, width, height };
    })
    .filter(({ width, height }) => width > 0 && height > 0);
}

type Target = ReturnType<typeof targets>[number];

/** How far two boxes are from each other; 0 where they touch. */
const gap = (a: Target, b: Target) =>
  Math.max(a.x - (b.x + b.width), b.x - (a.x + a.width), a.y - (b.y + b.height), b.y - (a.y + a.height), 0);

const SCREENS: Record<string, (page: Page) => Promise<unknown>> = {
  "a picture in full": async (page) => {
    await page.goto("/product/1");
    await page.getByRole("button", { name: /enlarge$/ }).first().click();
    await expect(page.getByRole("dialog")).toBeVisible();
  },
  "the buying bar and a toast": async (page) => {
    await fillCart(page);
    await page.getByRole("heading", { name: "Similar products" }).scrollIntoViewIfNeeded();
    await expect(page.getByRole("complementary")).toBeVisible();
  },
  "recent and popular searches": async (page) => {
    await page.goto("/");
    await page.evaluate(() => localStorage.setItem("searches", JSON.stringify(["lamp", "mug"])));
    await page.reload();
    await field(page).click();
    await expect(page.getByRole("option").nth(3)).toBeVisible();
  },
  "the filter sheet": async (page) => {
    await page.goto("/search?q=headphones");
    await shown(page);
    await openFilters(page);
  },
};

for (const width of [320, 390]) {
  for (const [name, go] of Object.entries(SCREENS)) {
    test(`axe: no violations in ${name} at ${width} px, light and dark`, async ({ page }) => {
      await page.setViewportSize({ width, height: 720 });
      await go(page);
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        expect([colorScheme, await violations(page)]).toEqual([colorScheme, []]);
      }
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    });
  }
}

for (const address of ADDRESSES) {
  test(`44: targets of ${address} are 44 px either way, smaller ones 24 px and 8 px from others`, async ({ page }) => {
    if (/cart|checkout/.test(address)) await fillCart(page);
    await page.goto(address);
    await settle(page);
    const all = await page.evaluate(targets);
    expect(all.length).toBeGreaterThan(5);
    const small = all.filter(({ width, height }) => Math.min(width, height) < 43.5);
    const wrong = small.filter((one) => Math.min(one.width, one.height) < 24 || all.some((other) => other !== one && gap(one, other) < 8));
    expect(wrong.map(({ name, width, height }) => [name, width, height])).toEqual([]);
    expect(small.map(({ name }) => name)).toEqual([]);
  });
}

test("43: the page reaches under notches and keeps clear of them", async ({ page }) => {
  await page.goto("/");
  await expect(page.locator("meta[name=viewport]")).toHaveAttribute("content", /viewport-fit=cover/);
  const insets = await page.evaluate(() => {
    const rules = [...document.styleSheets].flatMap((one) => [...one.cssRules]).map((rule) => rule.cssText);
    return ["top", "bottom", "left", "right"].map((side) => rules.some((rule) => rule.includes(`safe-area-inset-${side}`)));
  });
  expect(insets).toEqual([true, true, true, true]);
  expect(await page.locator("#root").evaluate((root) => root.clientHeight)).toBeGreaterThanOrEqual(844);
});

test.describe("45", () => {
  for (const [width, size] of [[320, "100%"], [390, "200%"], [320, "200%"]] as const) {
    test(`nothing beyond ${width} px with text of ${size}`, async ({ page }) => {
      test.slow(); // many pages
      await page.setViewportSize({ width, height: 720 });
      await fillCart(page);
      const beyond: unknown[] = [];
      for (const address of ADDRESSES) {
        await page.goto(address);
        await page.addStyleTag({ content: `html { font-size: ${size} }` });
        await settle(page);
        const widest = await page.evaluate(() => document.documentElement.scrollWidth);
        if (widest > width) beyond.push([address, widest]);
      }
      expect(beyond).toEqual([]);
    });
  }

  test("less motion: nothing is animated or glides", async ({ page }) => {
    await page.emulateMedia({ reducedMotion: "reduce" });
    await page.goto("/product/1");
    await settle(page);
    const moving = await page.evaluate(() =>
      [...document.querySelectorAll("*")].filter((one) => {
        const { transitionDuration, animationDuration, scrollBehavior } = getComputedStyle(one);
        return parseFloat(transitionDuration) > 0 || parseFloat(animationDuration) > 0.001 || scrollBehavior === "smooth";
      }).length,
    );
    expect(moving).toBe(0);
  });

  test("more contrast: small print is darker, lines are seen", async ({ page }) => {
    const colours = () => page.evaluate(() => ["--ink-2", "--line"].map((name) => getComputedStyle(document.documentElement).getPropertyValue(name)));
    await page.goto("/");
    const usual = await colours();
    await page.emulateMedia({ contrast: "more" });
    expect((await colours()).every((colour, number) => colour !== usual[number])).toBe(true);
    expect(await violations(page)).toEqual([]);
  });

  test("forced colours: buttons have edges", async ({ page }) => {
    await page.emulateMedia({ forcedColors: "active" });
    await page.goto("/product/1");
    const button = page.getByRole("button", { name: "Add to cart" }).first();
    await expect(button).toHaveCSS("border-top-style", "solid");
    await expect(button).toHaveCSS("border-top-width", "1px");
  });
});

test.describe("49", () => {
  test("every page has its landmarks and one heading of the first level", async ({ page }) => {
    test.slow(); // many pages
    await fillCart(page);
    for (const address of ADDRESSES) {
      await page.goto(address);
      await settle(page);
      const found = await page.evaluate(() => ["h1", "main", "body header:not(main header, dialog header)", "footer:not(dialog footer)", "[role=search]"].map((what) => document.querySelectorAll(what).length));
      expect([address, ...found]).toEqual([address, 1, 1, 1, 1, 1]);
    }
  });

  test("the first Tab is a way past the header, and it leads to the content", async ({ page }) => {
    await page.goto("/browse");
    await settle(page);
    await page.keyboard.press("Tab");
    const skip = page.getByRole("link", { name: "Skip to content" });
    await expect(skip).toBeFocused();
    await expect(skip).toBeInViewport();
    await page.keyboard.press("Enter");
    await expect(page.locator("#content")).toBeFocused();
  });

  test("what has the focus shows it", async ({ page }) => {
    await page.goto("/product/1");
    await settle(page);
    const unseen: string[] = [];
    for (let step = 0; step < 12; step++) {
      await page.keyboard.press("Tab");
      const [name, isSeen] = await page.evaluate(() => {
        const one = document.activeElement as HTMLElement;
        const { outlineStyle, outlineWidth } = getComputedStyle(one);
        const around = one.matches("input") ? getComputedStyle(one.parentElement as HTMLElement).boxShadow !== "none" : false;
        return [one.outerHTML.slice(0, 80), around || (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2)] as const;
      });
      if (!isSeen) unseen.push(name);
    }
    expect(unseen).toEqual([]);
  });

  test("the focus comes back from the filter sheet to its button", async ({ page }) => {
    await page.goto("/search?q=headphones");
    await shown(page);
    await openFilters(page);
    await page.keyboard.press("Escape");
    await expect(sheet(page)).toBeHidden();
    await expect(page.getByRole("button", { name: /^Filters/ })).toBeFocused();
  });

  test("a new page takes the focus along and says its title", async ({ page }) => {
    await page.goto("/browse");
    await settle(page);
    await page.getByRole("main").getByRole("link", { name: /^Kitchen/ }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Kitchen" })).toBeVisible();
    await expect(page.locator("#content")).toBeFocused();
    await expect(page.getByRole("status").filter({ hasText: /^Kitchen · Pocketshop$/ })).toBeAttached();
  });
});

test.describe("50: Chinese", () => {
  test.use({ locale: "zh-CN" });

  test("every screen is in Chinese, with its plurals and prices", async ({ page }) => {
    test.slow(); // many pages
    await page.goto("/product/1?lang=zh");
    await expect(page.locator("html")).toHaveAttribute("lang", "zh-Hans");
    await page.getByRole("button", { name: "加入购物车" }).first().click();
    await expect(page.getByText("已加入购物车")).toBeVisible();
    for (const address of ["/", "/browse", "/cart", "/checkout", "/orders", "/account", "/product/1"]) {
      await page.goto(address);
      await settle(page);
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(/\p{Script=Han}/u);
      const english = await page.evaluate(() => [...document.querySelectorAll("main h2, main label, main button, main dt")].map((one) => one.textContent ?? "").filter((text) => /[a-z]{4}/i.test(text) && !/\p{Script=Han}/u.test(text)));
      expect([address, english]).toEqual([address, []]);
    }
    await page.goto("/cart");
    await expect(page.getByText(/^\$\d+(\.\d\d)?$/).first()).toBeVisible();
  });
});
