// Search on the phone itself: while typing before the store answers, and without a network.
import type { Page } from "@playwright/test";
import { expect, field, shown, test, titles } from "./store";

test.use({ expectedErrors: [/Failed to load resource/], serviceWorker: false });

const rows = (page: Page) => page.getByRole("option");

// A new store makes its pack in the background: two minutes until it is asked for, and one to train it.
test.beforeAll(async ({ request }) => {
  test.setTimeout(900_000);
  const address = async () => ((await (await request.get("/api/search-pack/")).json()) as { url: string | null }).url;
  await expect.poll(address, { timeout: 880_000, intervals: [2_000] }).not.toBeNull();
});

/** Focuses the search field, and waits until the phone has its pack. */
async function withPack(page: Page, address = "/") {
  await page.goto(address);
  const pack = page.waitForResponse((response) => response.url().includes("/pack/") && response.ok());
  await field(page).click();
  expect((await (await pack).allHeaders())["cache-control"]).toContain("immutable");
}

test("without a network the phone's own products stand at once, also for a typo", async ({ page }) => {
  await withPack(page);
  await page.route("**/api/**", (route) => route.abort());
  await field(page).pressSequentially("hedphon");
  await expect(rows(page).first()).toContainText("Headphones");
  await expect(rows(page).first()).toContainText("$");
  await field(page).fill("couch");
  await expect(rows(page).first()).toContainText("Sofa");
});

test("Chinese titles are found by their characters without a network", async ({ page }) => {
  await page.goto("/?lang=zh");
  const pack = page.waitForResponse((response) => response.url().includes("/pack/"));
  await field(page).click();
  await pack;
  await page.route("**/api/**", (route) => route.abort());
  await field(page).fill("咖啡");
  await expect(rows(page).first()).toContainText("咖啡");
});

test("the store's answer replaces the phone's rows in their places", async ({ page }) => {
  await withPack(page);
  let answer: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (answer = resolve));
  await page.route("**/api/suggestions/?q=red%20desk%20lamp*", async (route) => {
    await held;
    await route.continue();
  });
  await field(page).fill("red desk lamp");
  await expect(rows(page).first()).toContainText(/Lamp.*Red/);
  const before = await rows(page).allTextContents();
  const answered = page.waitForResponse((response) => response.url().includes("red%20desk%20lamp"));
  answer();
  const { suggestions } = (await (await answered).json()) as { suggestions: { text: string }[] };
  await expect(rows(page)).toHaveCount(suggestions.length);
  const after = await rows(page).allTextContents();
  const stayed = before.filter((row) => suggestions.some(({ text }) => row.startsWith(text)));
  expect(stayed.length).toBeGreaterThan(0);
  for (const row of stayed.filter((one) => before.indexOf(one) < suggestions.length)) expect(after.indexOf(row)).toBe(before.indexOf(row));
});

test("while a finger is on a row no row is replaced", async ({ page }) => {
  await withPack(page);
  let answer: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (answer = resolve));
  await page.route("**/api/suggestions/?q=lamp*", async (route) => {
    await held;
    await route.continue();
  });
  await field(page).fill("lamp");
  await expect(rows(page).filter({ hasText: "$" }).first()).toContainText("Lamp"); // a popular query may stand before it
  const before = await rows(page).allTextContents();
  await rows(page).first().dispatchEvent("pointerdown");
  const answered = page.waitForResponse((response) => response.url().includes("q=lamp"));
  answer();
  await answered;
  await page.waitForTimeout(300);
  expect(await rows(page).allTextContents()).toEqual(before);
  await rows(page).first().dispatchEvent("pointerup");
  await expect.poll(() => rows(page).allTextContents()).not.toEqual(before);
});

test("offline, a search shows what the phone finds, says so, and goes on with the store when it is back", async ({ page, context }) => {
  await withPack(page, "/search?q=lamp"); // the code of results is here as well
  await shown(page);
  await context.setOffline(true);
  await field(page).fill("running shoes");
  await field(page).press("Enter");
  await expect(page.getByRole("status").filter({ hasText: "results from your phone" })).toBeVisible();
  await expect(titles(page).first()).toContainText("Running Shoes");
  expect(await titles(page).count()).toBeGreaterThan(5);
  await expect(page.getByRole("button", { name: "Try again" })).toBeVisible();
  await context.setOffline(false); // what is shown is asked for again by itself
  await expect(page.getByRole("status").filter({ hasText: /\d+ products/ })).toBeVisible();
});

test("who saves data downloads no pack", async ({ page }) => {
  await page.addInitScript(() => Object.defineProperty(navigator, "connection", { value: { saveData: true } }));
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await page.goto("/");
  await field(page).click();
  await field(page).fill("lamp");
  await expect(rows(page).first()).toBeVisible();
  expect(asked.filter((path) => path.includes("pack"))).toEqual([]);
});

test("the phone's first rows come within 50 ms of a key on a slow processor", async ({ page }) => {
  test.skip(!process.env["MEASURE"], "a time is only worth something on a quiet machine");
  await withPack(page);
  await page.waitForTimeout(1500);
  const slow = await page.context().newCDPSession(page);
  await slow.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  await page.route("**/api/suggestions/**", (route) => route.abort());
  const times: number[] = [];
  // A key follows the one before it after a while, as from a thumb.
  for (const text of ["l", "c", "la", "co", "lamp", "coffee m", "hedph", "sofa", "wirless headph", "couch", "something warm for the night", "running shoes"]) {
    times.push(await page.evaluate(timeToRows, text));
    await page.waitForTimeout(300);
  }
  const sorted = [...times].sort((a, b) => a - b);
  console.log("ms to the first changed rows", times.map(Math.round).join(" "), "median", Math.round(sorted[6] ?? 0), "most", Math.round(sorted.at(-1) ?? 0));
  expect(sorted[6]).toBeLessThan(50);
});

/** Types a text as React sees it, and waits until the list has changed and was painted. */
function timeToRows(text: string): Promise<number> {
  const input = document.querySelector<HTMLInputElement>("input[name=q]");
  const list = document.querySelector("[role=listbox]");
  if (!input || !list) throw new Error("there is no search field");
  return new Promise((resolve) => {
    const started = performance.now();
    const watcher = new MutationObserver(() => {
      watcher.disconnect();
      requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - started)));
    });
    watcher.observe(list, { childList: true, subtree: true, characterData: true });
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set?.call(input, text);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
