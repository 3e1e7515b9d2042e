// The first paint: what is in the HTML, and what stays true when the app takes over and goes on.
import type { Page } from "@playwright/test";
import { expect, field, search, sheet, shown, test, tiles, titles } from "./store";

const PAGES = { home: "/", results: "/search?q=headphones", category: "/category/kitchen", product: "/product/1", "results in Chinese": "/zh/search?q=耳机" };

const asked = (page: Page) => {
  const paths: string[] = [];
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    const comesLater = ["/api/events/", "/api/metrics/"].includes(pathname); // once the page has loaded
    if (pathname.startsWith("/api/") && !comesLater) paths.push(pathname);
  });
  return paths;
};
const canonical = (page: Page) => page.locator("link[rel=canonical]").evaluate((link: HTMLLinkElement) => new URL(link.href).pathname + new URL(link.href).search);
const settle = async (page: Page) => {
  await expect(page.locator("main h1").first()).toBeVisible();
  await page.waitForLoadState("networkidle");
};
const queryIds = (page: Page) =>
  page.evaluate(() => {
    const { answers } = JSON.parse(document.getElementById("first-answers")?.textContent ?? "{}") as { answers: { path: string; body: { query_id: string } }[] };
    return answers.filter(({ path }) => path.startsWith("/api/search/")).map(({ body }) => body.query_id);
  });

/** Opens a page whose scripts are held back; what it gives lets them come. */
async function openShell(page: Page, address: string) {
  let release: () => void = () => undefined;
  const held = new Promise<void>((done) => (release = done));
  await page.route("**/assets/*.js", async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(address, { waitUntil: "commit" });
  return () => release();
}

for (const [name, address] of Object.entries(PAGES)) {
  test(`first paint of ${name}: the first load asks the API for nothing`, async ({ page }) => {
    const paths = asked(page);
    await page.goto(address);
    await settle(page);
    expect(paths).toEqual([]);
  });

  test(`first paint of ${name}: no layout shift`, async ({ page }) => {
    await page.addInitScript(() => {
      Object.assign(window, { shifts: [] });
      const { shifts } = window as unknown as { shifts: number[] };
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) shifts.push((entry as PerformanceEntry & { value: number }).value);
      }).observe({ type: "layout-shift", buffered: true });
    });
    await page.goto(address);
    await settle(page);
    const shifts = await page.evaluate(() => (window as unknown as { shifts: number[] }).shifts);
    expect(shifts.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(0.02);
  });

  test(`first paint of ${name}: the preloaded picture is the one that is shown`, async ({ page }) => {
    const pictures: string[] = [];
    page.on("request", (request) => {
      if (request.resourceType() === "image" && request.url().includes("/img/")) pictures.push(request.url());
    });
    await page.goto(address);
    await settle(page);
    const picture = tiles(page).first().locator("img").first();
    await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.currentSrc)).toBe(pictures[0]);
    const preload = await page.locator("link[rel=preload][as=image][fetchpriority=high]").getAttribute("imagesrcset");
    expect(await picture.locator("xpath=../source[@type='image/avif']").getAttribute("srcset")).toBe(preload);
  });
}

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("the shell has the header, the query in the search field and the first pictures", async ({ page }) => {
    await page.goto("/search?q=headphones");
    await expect(field(page)).toHaveValue("headphones");
    await expect(page.getByRole("heading", { level: 1, name: "Results for “headphones”" })).toBeVisible();
    await expect(page.locator("main picture img")).toHaveCount(2);
    await expect(page.getByRole("navigation", { name: "Menu" }).getByRole("link", { name: "Cart" }).last()).toBeVisible();
  });

  test("the search field of the shell searches, in its language", async ({ page }) => {
    await page.goto("/zh/");
    await field(page).fill("咖啡");
    await field(page).press("Enter");
    await expect(page).toHaveURL((url) => url.pathname === "/zh/search" && url.searchParams.get("q") === "咖啡");
  });
});

test("what is typed before the app runs stays in the field", async ({ page }) => {
  const release = await openShell(page, "/");
  await field(page).click();
  await field(page).pressSequentially("coff");
  release();
  await expect(page.getByRole("option").first()).toBeVisible();
  await expect(field(page)).toHaveValue("coff");
  await expect(field(page)).toBeFocused();
});

test("a field that was tapped before the app runs opens what is under it", async ({ page }) => {
  const release = await openShell(page, "/");
  await field(page).click();
  release();
  await expect(page.getByRole("option").first()).toBeVisible();
  await expect(field(page)).toBeFocused();
});

test("a page that is opened anew begins at the top, a reloaded one where it was", async ({ page }) => {
  await page.goto("/product/1");
  await page.evaluate(() => scrollTo(0, 300));
  await page.waitForTimeout(200);
  await page.reload();
  await expect.poll(() => page.evaluate(() => scrollY)).toBe(300);
  await page.goto("/product/2");
  await expect(page.getByRole("button", { name: "Add to cart" }).first()).toBeVisible();
  await page.waitForTimeout(300);
  expect(await page.evaluate(() => scrollY)).toBe(0);
});

test("clicks belong to the search that is in the page", async ({ page }) => {
  await page.goto("/search?q=headphones");
  await shown(page);
  const [id] = await queryIds(page);
  const sent = page.waitForRequest((request) => request.url().endsWith("/api/events/") && (request.postData() ?? "").includes('"click"'));
  await titles(page).first().getByRole("link").click();
  const { events } = (await sent).postDataJSON() as { events: { action_name: string; query_id: string }[] };
  expect(events.find((event) => event.action_name === "click")?.query_id).toBe(id);
});

test("a kept copy of a page searches anew instead of showing its query_id again", async ({ page }) => {
  const body = await (await page.request.get("/search?q=headphones")).text();
  await page.route("**/search?q=headphones", (route) => route.fulfill({ body, contentType: "text/html" }));
  const paths = asked(page);
  await page.goto("/search?q=headphones");
  await settle(page);
  expect(paths).toEqual([]);
  const [kept] = await queryIds(page);
  const answer = page.waitForResponse((response) => response.url().includes("/api/search/"));
  await page.reload();
  const { query_id } = (await (await answer).json()) as { query_id: string };
  expect((await queryIds(page))[0]).toBe(kept);
  expect(query_id).not.toBe(kept);
});

test("going from page to page keeps title, canonical address and alternates true", async ({ page }) => {
  await page.goto("/");
  await expect(page).toHaveTitle("Pocketshop");
  await search(page, "mug & cup");
  await expect(page).toHaveTitle("mug & cup · Pocketshop");
  expect(await canonical(page)).toBe("/search?q=mug+%26+cup");
  await expect(page.locator("meta[name=robots]")).toHaveAttribute("content", "noindex, follow");
  const name = titles(page).first();
  await name.getByRole("link").click();
  await expect(page).toHaveURL(/\/product\/\d+$/);
  await expect(page.locator("main h1")).toBeVisible();
  await expect(page).toHaveTitle(`${await page.locator("main h1").textContent()} · Pocketshop`);
  expect(await canonical(page)).toBe(new URL(page.url()).pathname);
  await expect(page.locator("meta[name=robots]")).toHaveAttribute("content", "index, follow");
  await expect(page.locator('link[hreflang="zh-Hans"]')).toHaveAttribute("href", new RegExp(`/zh${new URL(page.url()).pathname}$`));
  await expect(page.locator("title")).toHaveCount(1);
});

test("the language is in the address, is switched there, and is remembered", async ({ page }) => {
  await page.goto("/search?q=mug");
  await page.getByRole("link", { name: "切换到中文" }).click();
  await expect(page).toHaveURL((url) => url.pathname === "/zh/search" && url.search === "?q=mug");
  await expect(page.locator("html")).toHaveAttribute("lang", "zh-Hans");
  await expect(page).toHaveTitle("mug · Pocketshop");
  await titles(page).first().getByRole("link").click();
  await expect(page).toHaveURL(/\/zh\/product\/\d+$/);
  await page.goto("/cart"); // an address without a language
  await expect(page).toHaveURL(/\/zh\/cart$/);
  await page.getByRole("link", { name: "Switch to English" }).click();
  await expect(page).toHaveURL((url) => url.pathname === "/cart");
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
});

test.describe("a browser that prefers Chinese", () => {
  test.use({ locale: "zh-CN" });

  test("is led to Chinese pages", async ({ page }) => {
    await page.goto("/product/1");
    await expect(page).toHaveURL(/\/zh\/product\/1$/);
  });
});

test.describe("what is done in the shell is done again by the app", () => {
  const openResults = async (page: Page) => {
    const release = await openShell(page, "/search?q=headphones");
    await expect(page.getByText("Loading")).toBeVisible();
    return release;
  };

  test("a tap on Filters opens them", async ({ page }) => {
    const release = await openResults(page);
    await page.getByRole("button", { name: "Filters" }).click();
    release();
    await expect(sheet(page)).toBeVisible();
  });

  test("a layout and a sorting are chosen", async ({ page }) => {
    let release = await openResults(page);
    await page.getByTitle("Cards").click();
    release();
    await expect(page).toHaveURL(/layout=card/);
    release = await openResults(page);
    await page.getByRole("combobox", { name: "Sort" }).selectOption("price_asc");
    release();
    await expect(page).toHaveURL(/sort=price_asc/);
  });
});
