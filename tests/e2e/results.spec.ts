// Results: three layouts, the filter sheet, what Back brings, and the comparison, on phones and on a wide screen.
import { AxeBuilder } from "@axe-core/playwright";
import type { Locator, Page } from "@playwright/test";
import { expect, field, openFilters, search, sheet, shown, test, tiles, titles, total } from "./store";

const QUERY = "/search?q=headphones";
const lay = (page: Page, name: "List" | "Cards" | "Grid") => page.getByRole("radio", { name }).click({ force: true });
const box = async (one: Locator) => (await one.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
const query = (page: Page) => new URL(page.url()).searchParams;

/** How many tiles begin above the tabs, and how many stand beside the first. */
const inSight = (page: Page) =>
  page.evaluate(() => {
    const tops = [...document.querySelectorAll("[data-product]")].map((tile) => tile.getBoundingClientRect());
    return { onScreen: tops.filter((one) => one.bottom < innerHeight - 60).length, beside: tops.filter((one) => Math.abs(one.top - (tops[0]?.top ?? 0)) < 2).length };
  });

/** Searches from the home page, without waiting for the results: the store sends those of a page that is opened with it. */
async function searchFor(page: Page, words: string) {
  await page.goto("/");
  await field(page).click();
  await field(page).fill(words);
  await field(page).press("Enter");
}

test.setTimeout(90_000); // the first look at a page of pictures draws them

test.describe("layouts (31)", () => {
  for (const width of [320, 360, 390]) {
    test(`at ${width} px a list has the most products on a screen, a grid two columns, cards one`, async ({ page }) => {
      await page.setViewportSize({ width, height: 844 });
      const seen: Record<string, { onScreen: number; beside: number }> = {};
      for (const layout of ["list", "grid", "card"]) {
        await page.goto(`${QUERY}&layout=${layout}`);
        await shown(page);
        seen[layout] = await inSight(page);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      }
      expect(seen["list"]?.onScreen).toBeGreaterThanOrEqual(width < 390 ? 3 : 4);
      expect([seen["list"]?.beside, seen["grid"]?.beside, seen["card"]?.beside]).toEqual([1, 2, 1]);
    });
  }

  test("a grid has four columns beside the filters at 1280 px, and a list one row of facts each", async ({ page }) => {
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto(`${QUERY}&layout=grid`);
    await shown(page);
    expect((await inSight(page)).beside).toBe(4);
    await page.goto("/search?q=laptop&layout=list");
    await shown(page);
    const first = tiles(page).first();
    const [picture, facts, price] = await Promise.all([box(first.locator("[data-tile-picture]")), box(first.locator("dl")), box(first.locator("[class*=offer]"))]);
    expect(picture.x + picture.width).toBeLessThan(facts.x);
    expect(facts.x + facts.width).toBeLessThanOrEqual(price.x);
  });

  test("the department decides until the shopper does: a list for computers, a grid for clothing", async ({ page }) => {
    for (const [address, name] of [["/category/computers", "List"], ["/category/laptop", "List"], ["/category/clothing", "Grid"], ["/search?q=laptop", "List"], ["/search?q=dress", "Grid"]] as const) {
      await page.goto(address);
      await shown(page);
      await expect(page.getByRole("radio", { name })).toBeChecked();
    }
    await lay(page, "Cards");
    await page.goto("/category/computers");
    await shown(page);
    await expect(page.getByRole("radio", { name: "Cards" })).toBeChecked();
  });

  for (const reducedMotion of ["reduce", "no-preference"] as const) {
    test(`the first visible product keeps its place when the layout changes (motion: ${reducedMotion})`, async ({ page }) => {
      await page.emulateMedia({ reducedMotion });
      await page.goto(`${QUERY}&layout=grid`);
      await shown(page);
      await tiles(page).nth(10).scrollIntoViewIfNeeded();
      await page.evaluate(() => window.scrollBy({ top: 40, behavior: "instant" }));
      const first = () =>
        page.evaluate(() => {
          const edge = document.querySelector("header")?.getBoundingClientRect().bottom ?? 0;
          const tile = [...document.querySelectorAll<HTMLElement>("[data-product]")].find((one) => {
            const { top, bottom } = one.getBoundingClientRect();
            return (top + bottom) / 2 > edge;
          });
          return { id: tile?.dataset["product"], top: Math.max(tile?.getBoundingClientRect().top ?? 0, edge + 8) };
        });
      const before = await first();
      // The switch is above what is on the screen: it is pressed as a keyboard or a script would.
      for (const name of ["List", "Cards", "Grid"]) {
        await page.getByRole("radio", { name }).evaluate((radio: HTMLInputElement) => radio.click());
        await expect.poll(() => query(page).get("layout")).toBe(name === "Cards" ? "card" : name.toLowerCase());
        const top = () => page.evaluate((id) => document.querySelector(`[data-product="${id}"]`)?.getBoundingClientRect().top ?? -1, before.id);
        await expect.poll(async () => Math.abs((await top()) - before.top)).toBeLessThan(2);
      }
    });
  }

  test("a switch is animated where motion is wanted, and not where it is not", async ({ page }) => {
    await page.addInitScript(() => {
      const start = document.startViewTransition?.bind(document);
      const seen = { count: 0 };
      Object.assign(window, { seen });
      if (start)
        document.startViewTransition = ((change: () => Promise<void>) => {
          seen.count += 1;
          return start(change);
        }) as typeof document.startViewTransition;
    });
    const count = () => page.evaluate(() => (window as unknown as { seen: { count: number } }).seen.count);
    await page.goto(`${QUERY}&layout=grid`);
    await shown(page);
    await lay(page, "List");
    await expect(page).toHaveURL(/layout=list/);
    expect(await count()).toBe(0);
    await page.emulateMedia({ reducedMotion: "no-preference" });
    await lay(page, "Cards");
    await expect(page).toHaveURL(/layout=card/);
    expect(await count()).toBe(1);
  });

  test("a card's pictures are swiped inside the card, with dots that follow", async ({ page }) => {
    await page.goto(`${QUERY}&layout=card`);
    await shown(page);
    const card = tiles(page).first();
    const strip = card.getByRole("group", { name: "Pictures" });
    await strip.evaluate((element) => element.scrollTo({ left: element.clientWidth, behavior: "instant" }));
    const dots = card.locator("[class*=dots] > span");
    await expect.poll(() => dots.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().width > 12))).toEqual([false, true, false]);
    await expect(page).toHaveURL(/search/);
    await strip.tap();
    await expect(page).toHaveURL(/\/product\//);
  });
});

test.describe("filters (22-29)", () => {
  test("pulling the sheet down closes it (22)", async ({ page }) => {
    await page.goto(QUERY);
    await shown(page);
    await openFilters(page);
    await page.waitForTimeout(400);
    const head = await box(sheet(page).getByRole("heading", { name: "Filters" }));
    const [x, y] = [head.x + 40, head.y + 8];
    await page.mouse.move(x, y);
    await page.mouse.down();
    for (const step of [40, 90, 160]) await page.mouse.move(x, y + step);
    await page.mouse.up();
    await expect(sheet(page)).toBeHidden();
    await expect(page).toHaveURL(/q=headphones$/);
  });

  test("values that a filter leaves without products stay, disabled, and a second value of a facet adds to the first (23, 24)", async ({ page }) => {
    await page.goto("/search?q=laptop");
    await shown(page);
    await openFilters(page);
    const memory = sheet(page).getByRole("group", { name: "Memory" });
    const before = await memory.getByRole("checkbox").count();
    const price = sheet(page).getByRole("group", { name: "Price" });
    await price.getByRole("checkbox", { name: /^\$200 – \$500/ }).click({ force: true });
    await expect.poll(() => memory.locator("input:disabled").count()).toBeGreaterThan(0);
    expect(await memory.getByRole("checkbox").count()).toBe(before);
    await price.getByRole("checkbox", { name: /^\$200 – \$500/ }).click({ force: true });
    const counts = (await memory.locator("small").allTextContents()).map(Number);
    await memory.getByRole("checkbox").nth(0).click({ force: true });
    await memory.getByRole("checkbox").nth(1).click({ force: true });
    await expect(sheet(page).getByRole("button", { name: `Show ${(counts[0] ?? 0) + (counts[1] ?? 0)} products` })).toBeVisible();
    await sheet(page).getByRole("button", { name: "Clear all" }).click();
    await expect.poll(() => query(page).has("attr")).toBe(false);
  });

  test("the button with the count stays in sight while the sheet is scrolled (25)", async ({ page }) => {
    await page.goto(QUERY);
    await shown(page);
    await openFilters(page);
    await sheet(page).locator("[class*=content]").evaluate((one) => one.scrollTo(0, one.scrollHeight));
    await expect(sheet(page).getByRole("button", { name: /^Show \d+ products$/ })).toBeInViewport();
    expect((await box(sheet(page))).height).toBeLessThanOrEqual(844 * 0.85 + 1);
  });

  test("a price is set with the keys on a slider's thumb, is a chip, and is what is found (26, 28)", async ({ page }) => {
    await page.goto(QUERY);
    await shown(page);
    await openFilters(page);
    const high = sheet(page).getByRole("slider", { name: "Highest price" });
    await high.focus();
    await high.press("ArrowLeft");
    await expect.poll(() => query(page).has("price_max")).toBe(true);
    const limit = Number(query(page).get("price_max"));
    await page.goBack();
    await expect(sheet(page)).toBeHidden();
    await shown(page);
    await expect(page.getByRole("button", { name: /^Remove filter Under \$/ })).toBeVisible();
    await expect(page.getByRole("button", { name: /^Filters ?, 1 active$/ })).toBeVisible();
    const paid = (await tiles(page).locator("[class*=offer] > span").allTextContents()).map((text) => Number(/\$([\d,.]+)/.exec(text)?.[1]?.replace(",", "")));
    expect(Math.max(...paid) * 100).toBeLessThanOrEqual(limit);
  });

  test("two to four filters are offered as chips (27)", async ({ page }) => {
    await page.goto(QUERY);
    await shown(page);
    const chips = page.locator("[class*=chips] [class*=chip]:not([class*=chips])").filter({ has: page.locator("small") });
    const count = await chips.count();
    expect(count).toBeGreaterThanOrEqual(2);
    expect(count).toBeLessThanOrEqual(4);
  });

  test("every attribute on a card can be filtered by (29)", async ({ page }) => {
    for (const wish of ["laptop", "gift for a child", "something to keep coffee hot"]) {
      await page.goto(`/search?q=${wish}&layout=list`);
      const answer = await page.request.get(`/api/search/?q=${wish}&lang=en`);
      const body = (await answer.json()) as { facets: { key: string }[]; hits: { product: { key_attributes: { key: string }[] } }[] };
      const offered = new Set(body.facets.map((facet) => facet.key));
      const onCards = new Set(body.hits.flatMap((hit) => hit.product.key_attributes.map((fact) => `attr.${fact.key}`)));
      expect([...onCards].filter((key) => !offered.has(key))).toEqual([]);
      await shown(page);
      await openFilters(page);
      await expect(sheet(page).locator("fieldset")).toHaveCount(body.facets.length);
      await page.goBack();
    }
  });
});

test.describe("results", () => {
  test.use({ serviceWorker: false });

  test("all five sorts are there, and the newest comes with them (30)", async ({ page }) => {
    await page.goto(QUERY);
    await shown(page);
    const sort = page.getByRole("combobox", { name: "Sort" });
    expect(await sort.locator("option").allTextContents()).toEqual(["Best match", "Price: low to high", "Price: high to low", "Top rated", "Newest"]);
    for (const name of ["price_desc", "rating", "newest"]) {
      await sort.selectOption(name);
      await expect(page).toHaveURL(new RegExp(`sort=${name}`));
      await shown(page);
    }
  });

  test("old results are dimmed while new ones are on their way, and skeletons wait 150 ms (35)", async ({ page }) => {
    let late: Promise<void> = Promise.resolve();
    await page.route("**/api/search/**", async (route) => {
      await late;
      await route.continue();
    });
    let release: () => void = () => undefined;
    const hold = () => (late = new Promise((resolve) => (release = resolve)));
    hold();
    await searchFor(page, "headphones");
    const skeleton = page.locator("[class*=skeleton]");
    await expect(skeleton).toBeAttached();
    expect(await skeleton.evaluate((one) => [getComputedStyle(one).animationDelay, getComputedStyle(one).animationFillMode])).toEqual(["0.15s", "backwards"]);
    release();
    await shown(page);
    hold();
    await page.getByRole("combobox", { name: "Sort" }).selectOption("price_asc");
    await expect(page.locator("[aria-busy=true]")).toHaveCSS("opacity", "0.45");
    await expect(tiles(page)).toHaveCount(24);
    release();
    await shown(page);
  });

  for (const layout of ["list", "card", "grid"]) {
    test(`a skeleton of a ${layout} has the geometry of its results (35)`, async ({ page }) => {
      let release: () => void = () => undefined;
      const late = new Promise<void>((resolve) => (release = resolve));
      await page.route("**/api/search/**", async (route) => {
        await late;
        await route.continue();
      });
      await page.addInitScript((name) => localStorage.setItem("layout", JSON.stringify(name)), layout);
      await searchFor(page, "laptop");
      const blank = page.locator("[class*=skeleton] > li");
      await expect(blank.first()).toBeAttached();
      const before = await box(blank.first());
      release();
      await shown(page);
      const after = await box(page.locator("li:has(> article)").first());
      expect(Math.abs(before.x - after.x) + Math.abs(before.width - after.width)).toBeLessThan(2);
      expect(Math.abs(before.height - after.height)).toBeLessThan(after.height * 0.15);
    });
  }

  test("Back brings the place, the pages, the filters and the layout again (36, 37)", async ({ page }) => {
    await page.goto("/search?q=shoes&in_stock=1&layout=list");
    await shown(page);
    await page.getByRole("button", { name: "Load more" }).click();
    await expect.poll(() => tiles(page).count()).toBeGreaterThan(24);
    const count = await tiles(page).count();
    await expect(page.getByText(new RegExp(`^${count} of \\d+$`))).toBeVisible();
    await tiles(page).nth(30).scrollIntoViewIfNeeded();
    await page.waitForTimeout(300);
    const place = await page.evaluate(() => window.scrollY);
    const product = Number(await tiles(page).nth(30).getAttribute("data-product"));
    await titles(page).nth(30).getByRole("link").click();
    await expect(page.getByRole("button", { name: "Add to cart" }).first()).toBeVisible();
    // A visit counts once it is painted.
    await expect.poll(() => page.evaluate(() => JSON.parse(localStorage.getItem("seen") ?? "[]") as number[])).toContain(product);
    await page.goBack();
    await expect(tiles(page)).toHaveCount(count);
    await expect.poll(() => page.evaluate(() => window.scrollY)).toBe(place);
    await expect(page.getByRole("radio", { name: "List" })).toBeChecked();
    await expect(page.getByRole("button", { name: "Remove filter In stock only" })).toBeAttached();
    await expect(tiles(page).nth(30)).toContainText("Seen");
  });

  test("the total is announced when it changes (32)", async ({ page }) => {
    await page.goto(QUERY);
    await shown(page);
    const before = await total(page);
    await page.getByRole("button", { name: /^In stock only/ }).click();
    await expect.poll(() => total(page)).toBeLessThan(before);
  });

  test("nothing found offers departments, and what is similar is labelled (19, 20)", async ({ page }) => {
    await page.goto("/search?q=qwzxv plorf");
    await expect(page.getByRole("heading", { name: "Nothing matches “qwzxv plorf”" })).toBeVisible();
    await expect(page.locator("main").getByRole("link", { name: "Kitchen" })).toBeVisible();
    await page.goto("/search?q=laptop&brand=Papera&attr=color:red");
    await shown(page);
    expect(await total(page)).toBeLessThan(3);
    await expect(page.getByRole("heading", { name: "Similar to “laptop”" })).toBeVisible();
  });
});

test.describe("compare (51)", () => {
  const choose = async (page: Page, count: number) => {
    await page.goto("/search?q=laptop");
    await shown(page);
    await page.getByRole("button", { name: "Choose products to compare" }).click();
    for (let number = 0; number < count; number++) await tiles(page).nth(number).getByRole("button", { name: /^Compare / }).click();
  };

  test("four are chosen in the results, a fifth is refused, and the page reads without scrolling sideways", async ({ page }) => {
    await choose(page, 4);
    await tiles(page).nth(4).getByRole("button", { name: /^Compare / }).click();
    await expect(page.getByText("You can compare 4 products. Take one out first.")).toBeVisible();
    await page.getByRole("link", { name: "Compare (4)" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Compare 4 products" })).toBeVisible();
    for (const width of [390, 360, 320]) {
      await page.setViewportSize({ width, height: 700 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      const wide = await page.getByRole("cell").evaluateAll((cells) => cells.filter((cell) => cell.scrollWidth > cell.clientWidth + 1).map((cell) => cell.textContent));
      expect(wide).toEqual([]);
    }
    await page.evaluate(() => window.scrollTo(0, 400));
    const header = page.getByRole("columnheader").first();
    expect((await box(header)).y).toBeLessThan(100); // whose column it is stays in sight
    await expect(header).toBeInViewport();
  });

  test("the address is all that somebody else needs", async ({ page, browser, baseURL }) => {
    await choose(page, 2);
    await page.getByRole("link", { name: "Compare (2)" }).click();
    await page.getByRole("switch", { name: "Only differences" }).click();
    await expect(page).toHaveURL(/differences=1/);
    const rows = await page.getByRole("rowheader").allTextContents();
    const other = await browser.newPage({ baseURL: baseURL ?? "", locale: "en-US" });
    await other.goto(page.url());
    await expect(other.getByRole("switch", { name: "Only differences" })).toBeChecked();
    expect(await other.getByRole("rowheader").allTextContents()).toEqual(rows);
    await other.close();
  });

  test("a product is added on its page", async ({ page }) => {
    await page.goto("/product/1");
    await page.getByRole("button", { name: /^Compare / }).first().click();
    await expect(page.getByText("Choose one more to compare.")).toBeVisible();
    await page.evaluate(() => localStorage.setItem("compared", "[1,3,4]"));
    await page.setViewportSize({ width: 320, height: 640 });
    await page.goto("/product/2");
    await page.getByRole("button", { name: /^Compare / }).first().click();
    const bar = page.getByRole("region", { name: "Compare" });
    await expect(bar.getByRole("link", { name: "Compare (4)" })).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
    expect(await bar.locator("> div").evaluate((one) => one.scrollWidth - one.clientWidth)).toBe(0);
    await page.evaluate(() => localStorage.setItem("compared", "[1]"));
    await page.reload();
    await page.getByRole("button", { name: /^Compare / }).first().click();
    await page.getByRole("link", { name: "Compare (2)" }).click();
    await expect(page.getByRole("columnheader")).toHaveCount(2);
  });

  for (const [language, heading] of [["en", /^Compare \d products?$/], ["zh", /^对比 \d 件商品$/]] as const) {
    for (const colorScheme of ["light", "dark"] as const) {
      test(`no violations in ${colorScheme} in ${language}, on the page and with the bar`, async ({ page }) => {
        await page.setViewportSize({ width: 320, height: 640 });
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        await page.goto(`/compare?ids=1,2,3,4&lang=${language}`);
        await expect(page.getByRole("heading", { level: 1, name: heading })).toBeVisible();
        const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
        const check = async () => {
          const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
          expect(violations.map((one) => [one.id, one.nodes.map((node) => node.html)])).toEqual([]);
        };
        await page.waitForLoadState("networkidle");
        await check();
        await page.evaluate(() => localStorage.setItem("compared", "[1,2,3]"));
        await page.goto(`/search?q=laptop&lang=${language}`);
        await shown(page);
        await page.waitForLoadState("networkidle");
        await check();
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
      });
    }
  }
});

test("a search from the home page ends in the layout of its department (31)", async ({ page }) => {
  await page.goto("/");
  await search(page, "gaming laptop");
  await expect(page.getByRole("radio", { name: "List" })).toBeChecked();
});
