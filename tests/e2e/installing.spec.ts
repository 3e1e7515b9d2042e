// The store on the home screen: when that is offered, what the browser needs for it, and how a new version comes.
import type { Page } from "@playwright/test";
import { addFirst, cartQuantity, expect, fillDelivery, isAccessible, kept, notice, settle, test } from "./worker";

test("47 a new version is offered, comes only when asked for, and never during checkout", async ({ page, door }) => {
  await settle(page, `${door.url}/search?q=lamp`);
  await addFirst(page);
  await expect.poll(() => cartQuantity(page)).toEqual([1]);
  const entry = await page.evaluate(() => document.querySelector<HTMLScriptElement>("script[type=module]")?.src.split("/").pop() ?? "");
  const newEntry = entry.replace("index-", "index-next-");
  await page.getByRole("navigation").getByRole("link", { name: /Cart$/ }).filter({ visible: true }).click();
  await page.getByRole("link", { name: "Check out" }).click();
  await page.getByRole("textbox", { name: "E-mail" }).fill("ada@example.com");
  door.rename(entry, newEntry);
  await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
  await expect.poll(() => page.evaluate(async () => Boolean((await navigator.serviceWorker.getRegistration())?.waiting))).toBe(true);
  await page.waitForTimeout(500);
  await expect(notice(page, "New version")).toBeHidden();
  await expect(page.getByRole("textbox", { name: "E-mail" })).toHaveValue("ada@example.com");
  await page.goBack();
  await expect(notice(page, "New version")).toBeVisible();
  await page.evaluate(() => Object.assign(window, { isOld: true }));
  await notice(page, "New version").getByRole("button", { name: "Reload" }).click();
  await page.waitForFunction(() => !("isOld" in window));
  await expect(page.getByRole("heading", { name: "Your cart" })).toBeVisible();
  expect(await page.evaluate(() => document.querySelector<HTMLScriptElement>("script[type=module]")?.src.split("/").pop())).toBe(newEntry);
  expect(await page.evaluate(async () => (await caches.keys()).filter((name) => name.startsWith("shell-")).length)).toBe(1);
});

/** Chromium's question, as it comes when it finds the store worth installing; `answer` is what its own dialog gives. */
const browserOffers = (page: Page, answer: "accepted" | "dismissed") =>
  page.evaluate((outcome) => {
    const event = Object.assign(new Event("beforeinstallprompt", { cancelable: true }), {
      prompt: async () => void Object.assign(window, { wasPrompted: true }),
      userChoice: Promise.resolve({ outcome }),
    });
    window.dispatchEvent(event);
  }, answer);

test("48 installing is offered at the second visit, not at the first, and a no is remembered", async ({ page, context }) => {
  const offer = (on: Page) => notice(on, "Pocketshop on your home screen");
  await settle(page, "/");
  await browserOffers(page, "accepted");
  await page.waitForTimeout(300);
  await expect(offer(page)).toBeHidden();
  const second = await context.newPage();
  await second.goto("/cart");
  await browserOffers(second, "accepted");
  await expect(offer(second)).toBeVisible();
  await isAccessible(offer(second));
  await offer(second).getByRole("button", { name: "Not now" }).click();
  await expect(offer(second)).toBeHidden();
  const third = await context.newPage();
  await third.goto("/cart");
  await browserOffers(third, "accepted");
  await third.waitForTimeout(2500);
  await expect(offer(third)).toBeHidden();
});

test("48 installing is offered after an order, and Install asks the browser", async ({ page }) => {
  await settle(page, "/search?q=lamp");
  await addFirst(page);
  await expect.poll(() => cartQuantity(page)).toEqual([1]);
  await page.goto("/checkout");
  await fillDelivery(page);
  await page.getByRole("button", { name: /^Place order/ }).click();
  await expect(page.getByText("Thank you!")).toBeVisible();
  await browserOffers(page, "accepted");
  await page.getByRole("button", { name: "Install" }).click();
  expect(await page.evaluate(() => "wasPrompted" in window)).toBe(true);
  await expect(notice(page, "Pocketshop on your home screen")).toBeHidden();
});

test.describe("on an iPhone", () => {
  test.use({ userAgent: "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1" });

  test("48 where a page cannot install, it says how", async ({ page, context }) => {
    await settle(page, "/");
    const second = await context.newPage();
    await second.goto("/cart");
    await expect(notice(second, "Pocketshop on your home screen")).toContainText("Add to Home Screen");
    await second.getByRole("button", { name: "Got it" }).click();
    await second.reload();
    await expect(second.getByRole("heading", { level: 1 })).toBeVisible();
    await second.waitForTimeout(2500);
    await expect(notice(second, "Pocketshop on your home screen")).toBeHidden();
  });
});

test("the browser finds nothing that would keep the store from being installed", async ({ playwright, launchOptions, baseURL }) => {
  // A browser of its own: in Playwright's usual windows, which count as private ones, nothing can be installed.
  const context = await playwright.chromium.launchPersistentContext("", { ...launchOptions, ...(baseURL && { baseURL }) });
  const page = await context.newPage();
  await settle(page, "/");
  const devtools = await context.newCDPSession(page);
  const { installabilityErrors } = await devtools.send("Page.getInstallabilityErrors");
  expect(installabilityErrors).toEqual([]);
  const { errors, data } = await devtools.send("Page.getAppManifest");
  expect(errors).toEqual([]);
  expect(JSON.parse(data ?? "{}")).toMatchObject({ display: "standalone", start_url: "/" });
  await context.close();
});

test("the worker leaves the admin, the cart and orders alone, and is registered after the page has loaded", async ({ page, context }) => {
  await page.goto("/");
  const [registeredMs, loadedMs] = await page.evaluate(async () => {
    const before = await navigator.serviceWorker.getRegistration();
    const loaded = performance.getEntriesByType("navigation")[0] as PerformanceNavigationTiming;
    await navigator.serviceWorker.ready;
    return [before ? 0 : performance.now(), loaded.loadEventEnd];
  });
  expect(registeredMs).toBeGreaterThan(loadedMs);
  await settle(page, "/");
  await page.goto("/cart");
  await page.waitForLoadState("networkidle");
  await page.goto("/orders");
  await page.waitForLoadState("networkidle");
  expect((await kept(page)).filter((path) => /cart|orders|account|admin/.test(path))).toEqual([]);
  await context.setOffline(true);
  await expect(page.goto("/admin/login/")).rejects.toThrow("ERR_INTERNET_DISCONNECTED");
});
