import { expect, field, openFilters, search, sheet, shown, test, tiles, titles, total } from "./store";

test("something to keep coffee hot finds mugs, flasks or kettles", async ({ page }) => {
  await page.goto("/");
  await search(page, "something to keep coffee hot");
  const first = (await titles(page).allTextContents()).slice(0, 5).join(" ");
  expect(first).toMatch(/mug|thermos|flask|kettle|coffee maker/i);
});

test("suggestions come as one types, and a category among them opens", async ({ page }) => {
  await page.goto("/");
  await field(page).click();
  await field(page).pressSequentially("coffee m");
  const rows = page.getByRole("option");
  await expect(rows.filter({ hasText: "Coffee Mug" }).first()).toBeVisible();
  expect(await rows.count()).toBeLessThanOrEqual(8);
  await rows.filter({ hasText: "Category" }).filter({ hasText: "Coffee Mug" }).click();
  await expect(page).toHaveURL(/\/category\/coffee-mug$/);
  await expect(page.getByRole("heading", { level: 1, name: "Coffee Mug" })).toBeVisible();
});

test("an IME's letters are not searched for, its word is", async ({ page }) => {
  const asked: string[] = [];
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.pathname === "/api/suggestions/") asked.push(url.searchParams.get("q") ?? "");
  });
  await page.goto("/?lang=zh");
  await field(page).click();
  await expect(page.getByRole("option").first()).toBeVisible();
  const keyboard = await page.context().newCDPSession(page);
  for (const text of ["k", "ka", "kafei"]) await keyboard.send("Input.imeSetComposition", { text, selectionStart: text.length, selectionEnd: text.length });
  await page.waitForTimeout(300);
  await keyboard.send("Input.insertText", { text: "咖啡" });
  await expect.poll(() => asked.at(-1)).toBe("咖啡");
  expect(asked.filter((text) => /[a-z]/.test(text))).toEqual([]);
});

test("the search layer covers the page, and Back closes it", async ({ page }) => {
  await page.goto("/");
  await field(page).click();
  await expect(page.getByRole("listbox")).toBeVisible();
  const covered = await page.evaluate(() => document.elementFromPoint(195, 800)?.closest("[role=search], [class*=panel]") !== null);
  expect(covered).toBe(true);
  await page.goBack();
  await expect(page.getByRole("listbox")).toBeHidden();
  await expect(page).toHaveURL(/\/$/);
});

test("list, cards and grid differ, and the choice is remembered", async ({ page }) => {
  await page.goto("/search?q=headphones");
  const widths: Record<string, number> = {};
  for (const [name, layout] of [["Cards", "card"], ["Grid", "grid"], ["List", "list"]] as const) {
    await page.getByRole("radio", { name }).click({ force: true });
    await expect(page).toHaveURL(new RegExp(`layout=${layout}`));
    const width = async () => Math.round((await tiles(page).first().locator("picture").first().boundingBox())?.width ?? 0);
    await expect.poll(async () => Object.values(widths).concat(0).includes(await width())).toBe(false);
    widths[name] = await width();
  }
  expect(widths["Cards"]).toBeGreaterThan(widths["Grid"] ?? 0);
  expect(widths["Grid"]).toBeGreaterThan(widths["List"] ?? 0);
  await page.goto("/search?q=lamp");
  await expect(page.getByRole("radio", { name: "List" })).toBeChecked();
});

test("a filter's count is what it leaves; Back closes the sheet, then undoes the filter, then leaves", async ({ page }) => {
  await page.goto("/");
  await search(page, "shoes");
  const before = await total(page);
  await openFilters(page);
  const brand = sheet(page).getByRole("group", { name: "Brand" }).getByRole("checkbox").first();
  const count = Number((await brand.locator("xpath=..").locator("small").textContent()) ?? "");
  expect(count).toBeLessThan(before);
  await brand.click({ force: true });
  await expect(sheet(page).getByRole("button", { name: new RegExp(`^Show ${count} products?$`) })).toBeVisible();
  await page.goBack();
  await expect(sheet(page)).toBeHidden();
  await expect.poll(() => total(page)).toBe(count);
  await expect(page.getByRole("button", { name: /^Filters ?, 1 active$/ })).toBeVisible();
  await page.goBack();
  await expect.poll(() => total(page)).toBe(before);
  await page.goBack();
  await expect(page).toHaveURL(/\/$/);
});

test("sorting by price sorts by what is paid", async ({ page }) => {
  await page.goto("/search?q=mug");
  await page.getByRole("combobox", { name: "Sort" }).selectOption("price_asc");
  await expect(page).toHaveURL(/sort=price_asc/);
  await expect.poll(async () => {
    const texts = await tiles(page).locator("[class*=offer] > span").allTextContents();
    const paid = texts.map((text) => Number(/\$([\d,.]+)/.exec(text)?.[1]?.replace(",", "")));
    return paid.length === 24 && paid.every((price, number) => number === 0 || price >= (paid[number - 1] ?? 0));
  }).toBe(true);
});

test("after a look at a product Back brings the same pages and the same place", async ({ page }) => {
  await page.goto("/search?q=mug");
  await page.getByRole("button", { name: "Load more" }).click();
  await expect(tiles(page)).toHaveCount(48);
  await tiles(page).nth(40).scrollIntoViewIfNeeded();
  await page.waitForTimeout(300);
  const place = await page.evaluate(() => window.scrollY);
  await titles(page).nth(40).getByRole("link").click();
  await expect(page).toHaveURL(/\/product\//);
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBe(0);
  await page.goBack();
  await expect(tiles(page)).toHaveCount(48);
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBe(place);
});

test("a Chinese query finds what its English twin finds", async ({ page }) => {
  const types = async (address: string) => {
    await page.goto(address);
    await shown(page);
    const query = new URL(page.url()).searchParams.get("q") ?? "";
    const lang = (await page.locator("html").getAttribute("lang"))?.slice(0, 2) ?? "";
    const answer = await page.request.get("/api/search/", { params: { q: query, lang } });
    const body = (await answer.json()) as { hits: { product: { category: { slug: string } | null } }[] };
    return body.hits.slice(0, 5).map((hit) => hit.product.category?.slug);
  };
  const english = await types("/search?q=coffee mug&lang=en");
  const chinese = await types("/search?q=咖啡杯&lang=zh");
  await expect(page.locator("html")).toHaveAttribute("lang", "zh-Hans");
  expect(new Set(chinese)).toEqual(new Set(english));
});

test("nothing found says what to drop", async ({ page }) => {
  await page.goto("/search?q=mug&brand=NoSuchBrand");
  await expect(page.getByRole("heading", { name: "Nothing matches these filters" })).toBeVisible();
  await page.getByRole("button", { name: "Remove all filters" }).click();
  await expect(tiles(page).first()).toBeVisible();
});
