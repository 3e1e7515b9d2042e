// The store without a network: at first everything is there, then the network is switched off, or the server stopped.
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { openDoor } from "./door";
import type { Door } from "./door";
import { expect, field, search, test as base, tiles, titles } from "./store";

const test = base.extend<{ door: Door }>({
  door: async ({ baseURL }, run) => {
    const door = await openDoor(baseURL ?? "");
    await run(door);
    await door.shut().catch(() => undefined);
  },
});
// A request that fails is what these tests are about.
test.use({ expectedErrors: [/Failed to load resource|net::ERR_/], serviceWorkers: "allow" });

const banner = (page: Page) => page.getByRole("status").filter({ hasText: "You are offline." });
const cartTab = (page: Page) => page.getByRole("navigation").getByRole("link", { name: /Cart$/ }).filter({ visible: true });
const notice = (page: Page, name: string | RegExp) => page.getByRole("region", { name });

/** Opens the page, and waits until the service worker has taken over and keeps what is shown. */
async function settle(page: Page, address: string) {
  await page.goto(address);
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    while (!navigator.serviceWorker.controller) await new Promise((resolve) => setTimeout(resolve, 50));
  });
  await expect.poll(() => kept(page)).toContainEqual(expect.stringMatching(/^\/api\//));
}

const kept = (page: Page) =>
  page.evaluate(async () => (await (await caches.open("answers-1")).keys()).map((request) => new URL(request.url).pathname + new URL(request.url).search));

const addFirst = async (page: Page) => {
  const title = ((await titles(page).first().textContent()) ?? "").trim();
  await page.getByRole("button", { name: /^Add .* to cart$/ }).first().click();
  return title;
};

const cartQuantity = (page: Page) =>
  page.evaluate(async () => {
    const cart = (await (await fetch("/api/cart/")).json()) as { items: { quantity: number }[] };
    return cart.items.map((line) => line.quantity);
  });

test("46 with the network off the shell, home, last results, seen products and pictures are there, under a banner", async ({ page, context }) => {
  await settle(page, "/");
  await search(page, "desk lamp");
  const found = (await titles(page).allTextContents()).slice(0, 5);
  await titles(page).first().getByRole("link").click();
  const heading = page.getByRole("heading", { level: 1 });
  await expect(page.getByRole("button", { name: "Add to cart" }).first()).toBeVisible();
  const [title, address] = [(await heading.textContent()) ?? "", page.url()];
  await page.waitForLoadState("networkidle");

  await context.setOffline(true);
  await page.goto("/search?q=desk%20lamp");
  await expect(banner(page)).toBeVisible();
  expect((await titles(page).allTextContents()).slice(0, 5)).toEqual(found);
  const picture = page.getByRole("article").first().locator("img").first();
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth > 0)).toBe(true);
  await page.goto(address);
  await expect(heading).toHaveText(title);
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "Popular right now" })).toBeVisible();
  await expect(page.getByRole("list", { name: "Recently seen" }).getByRole("link")).toHaveCount(1);
  await page.goto("/browse");
  await expect(page.getByRole("link", { name: "Kitchen" }).first()).toBeVisible();
  await field(page).click();
  await expect(page.getByRole("option", { name: /desk lamp/ })).toBeVisible();
});

test("46 what is not on the phone says so, with the ways on, and comes by itself once there is a network", async ({ page, context }) => {
  await settle(page, "/");
  await search(page, "desk lamp");
  await titles(page).first().getByRole("link").click();
  await expect(page.getByRole("button", { name: "Add to cart" }).first()).toBeVisible();
  await page.waitForLoadState("networkidle");
  await context.setOffline(true);
  await page.goto("/search?q=garden%20hose");
  await expect(page.getByRole("heading", { level: 1, name: "This page is not on your phone yet" })).toBeVisible();
  await expect(page.getByRole("alert")).toHaveText("You seem to be offline. Check your connection and try again.");
  await expect(page.getByRole("list", { name: "Products you have seen" }).getByRole("article")).toHaveCount(1);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map((one) => [one.id, one.nodes.map((node) => node.html)])).toEqual([]);
  await context.setOffline(false);
  await expect(tiles(page).first()).toBeVisible();
  await expect(banner(page)).toBeHidden();
  await context.setOffline(true);
  await page.goto("/orders");
  await page.getByRole("link", { name: "desk lamp", exact: true }).click();
  await expect(tiles(page).first()).toBeVisible();
});

test("46 with the server stopped every address opens the store, not the browser's error page", async ({ page, door }) => {
  await settle(page, `${door.url}/`);
  await door.shut();
  for (const path of ["/", "/search?q=never%20asked", "/product/1", "/cart", "/checkout", "/orders", "/account", "/no-such-page"]) {
    await page.goto(`${door.url}${path}`);
    await expect(page.getByRole("link", { name: "Pocketshop" })).toBeVisible();
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  }
  await expect(banner(page)).toBeVisible();
  await door.open();
  await expect(banner(page)).toBeHidden({ timeout: 35_000 });
});

test("38 a deep link with filters and a layout opens cold without a network", async ({ page, context }) => {
  await settle(page, "/search?q=headphones&in_stock=1&sort=price_asc&layout=list");
  await expect.poll(() => kept(page)).toContainEqual(expect.stringContaining("/api/search/?q=headphones&sort=price_asc&in_stock=1"));
  const found = await titles(page).allTextContents();
  await page.close();
  await context.setOffline(true);
  const cold = await context.newPage();
  await cold.goto("/search?q=headphones&in_stock=1&sort=price_asc&layout=list");
  await expect(tiles(cold).first()).toBeVisible();
  expect(await titles(cold).allTextContents()).toEqual(found);
  await expect(cold.getByRole("radio", { name: "List" }).or(cold.getByRole("button", { name: "List" })).first()).toBeVisible();
});

test("42 the cart changes without a network, survives a reload, and the changes are made in order once there is one", async ({ page, context }) => {
  await settle(page, "/search?q=lamp");
  await addFirst(page);
  await expect.poll(() => cartQuantity(page)).toEqual([1]);
  await context.setOffline(true);
  await page.getByRole("button", { name: /^Add .* to cart$/ }).nth(1).click();
  await expect(cartTab(page)).toHaveText(/^2/);
  await page.goto("/cart");
  await expect(page.getByRole("group", { name: /^Quantity of/ })).toHaveCount(2);
  await page.getByRole("button", { name: "One more" }).first().click();
  await page.getByRole("button", { name: "One more" }).nth(1).click();
  await page.getByRole("button", { name: "One more" }).nth(1).click();
  await page.getByRole("button", { name: /^Remove/ }).first().click();
  await expect(page.getByRole("group", { name: /^Quantity of/ })).toHaveCount(1);
  await page.reload();
  await expect(page.getByRole("status").filter({ hasText: /^3$/ })).toBeVisible();
  await expect(cartTab(page)).toHaveText(/^3/);
  await context.setOffline(false);
  await expect(banner(page)).toBeHidden();
  await expect.poll(() => cartQuantity(page)).toEqual([3]);
  await page.reload();
  await expect(cartTab(page)).toHaveText(/^3/);
});

test("42 an answer that the network loses does not add twice", async ({ page, door }) => {
  await settle(page, `${door.url}/search?q=lamp`);
  await addFirst(page);
  await expect.poll(() => cartQuantity(page)).toEqual([1]);
  door.loseAnswer("POST", "/api/cart/items/");
  await addFirst(page);
  await expect(cartTab(page)).toHaveText(/^2/);
  await expect.poll(() => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("out:cart")).length), { timeout: 35_000 }).toBe(0);
  expect(await cartQuantity(page)).toEqual([2]);
});

test("42 clicks and views made without a network reach the store later, each once", async ({ page, context }) => {
  await settle(page, "/search?q=lamp");
  await titles(page).first().getByRole("link").click();
  await expect(page.getByRole("button", { name: "Add to cart" }).first()).toBeVisible();
  await page.goBack();
  await page.waitForLoadState("networkidle");
  await context.setOffline(true);
  const sent: { event_id: string; action_name: string }[] = [];
  page.on("request", (request) => {
    if (request.url().endsWith("/api/events/")) sent.push(...(request.postDataJSON() as { events: typeof sent }).events);
  });
  await titles(page).first().getByRole("link").click();
  await expect.poll(() => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("out:events")).length)).toBeGreaterThan(0);
  await page.reload();
  sent.length = 0;
  await context.setOffline(false);
  const accepted = await page.waitForResponse((response) => response.url().endsWith("/api/events/") && response.ok());
  expect(((await accepted.json()) as { accepted: number }).accepted).toBeGreaterThan(0);
  expect(sent.map((event) => event.action_name)).toContain("click");
  await expect.poll(() => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("out:events")).length)).toBe(0);
});

test("42 a price and a stock that changed meanwhile are said on reconnect, until they are read", async ({ page, context }) => {
  await settle(page, "/search?q=lamp");
  const title = await addFirst(page);
  await expect.poll(() => cartQuantity(page)).toEqual([1]);
  await page.goto("/cart");
  await page.getByRole("button", { name: "One more" }).click();
  await expect.poll(() => cartQuantity(page)).toEqual([2]);
  await context.setOffline(true);
  await expect(banner(page)).toBeVisible();
  // The merchant's edit: the answer of the real store, with another price and stock in it.
  await context.route("**/api/cart/**", async (route) => {
    const response = await route.fetch();
    const cart = (await response.json()) as { items: { unit_price_cents: number; max_quantity: number; product: { title: string } }[] };
    for (const line of cart.items) Object.assign(line, { unit_price_cents: line.unit_price_cents + 250, max_quantity: 1 });
    await route.fulfill({ response, json: cart });
  });
  await context.setOffline(false);
  const news = notice(page, "Your cart");
  await expect(news).toContainText(/The price of .* changed from \$[\d.,]+ to \$[\d.,]+\./);
  await expect(news).toContainText(/Only 1 left of /);
  await expect(news).toContainText(title.split(" ").at(-1) ?? "");
  await page.reload();
  await expect(news).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map((one) => [one.id, one.nodes.map((node) => node.html)])).toEqual([]);
  await news.getByRole("button", { name: "OK" }).click();
  await expect(news).toBeHidden();
});

test("46 checking out without a network keeps the cart and says what to do", async ({ page, context }) => {
  await settle(page, "/search?q=lamp");
  await addFirst(page);
  await expect.poll(() => cartQuantity(page)).toEqual([1]);
  await context.setOffline(true);
  await page.goto("/checkout");
  for (const [name, text] of Object.entries({ "E-mail": "a@example.com", "Full name": "Ada", "Street and number": "Main St 1", Postcode: "N1", City: "London" }))
    await page.getByRole("textbox", { name }).fill(text);
  await page.getByRole("button", { name: /^Place order/ }).click();
  await expect(page.getByRole("alert")).toContainText("Your cart is kept: place the order when there is a network again.");
  await context.setOffline(false);
  await page.getByRole("button", { name: /^Place order/ }).click();
  await expect(page.getByText("Thank you!")).toBeVisible();
});

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
  await settle(second, "/");
  await browserOffers(second, "accepted");
  await expect(offer(second)).toBeVisible();
  const { violations } = await new AxeBuilder({ page: second }).analyze();
  expect(violations.map((one) => [one.id, one.nodes.map((node) => node.html)])).toEqual([]);
  await offer(second).getByRole("button", { name: "Not now" }).click();
  await expect(offer(second)).toBeHidden();
  const third = await context.newPage();
  await settle(third, "/");
  await browserOffers(third, "accepted");
  await third.waitForTimeout(300);
  await expect(offer(third)).toBeHidden();
});

test("48 installing is offered after an order, and Install asks the browser", async ({ page }) => {
  await settle(page, "/search?q=lamp");
  await addFirst(page);
  await expect.poll(() => cartQuantity(page)).toEqual([1]);
  await page.goto("/checkout");
  for (const [name, text] of Object.entries({ "E-mail": "a@example.com", "Full name": "Ada", "Street and number": "Main St 1", Postcode: "N1", City: "London" }))
    await page.getByRole("textbox", { name }).fill(text);
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
    await settle(second, "/");
    await expect(notice(second, "Pocketshop on your home screen")).toContainText("Add to Home Screen");
    await second.getByRole("button", { name: "Got it" }).click();
    await second.reload();
    await expect(second.getByRole("heading", { level: 1 })).toBeVisible();
    await second.waitForTimeout(2500);
    await expect(notice(second, "Pocketshop on your home screen")).toBeHidden();
  });
});

test("the browser finds nothing that would keep the store from being installed", async ({ page, context }) => {
  await settle(page, "/");
  const devtools = await context.newCDPSession(page);
  const { installabilityErrors } = await devtools.send("Page.getInstallabilityErrors");
  // Playwright's own windows count as private ones, where nothing can be installed.
  expect(installabilityErrors.filter((one) => one.errorId !== "in-incognito")).toEqual([]);
  const { errors, data } = await devtools.send("Page.getAppManifest");
  expect(errors).toEqual([]);
  expect(JSON.parse(data ?? "{}")).toMatchObject({ display: "standalone", start_url: "/" });
});

test("the worker leaves the admin, the cart and orders alone, and is registered after the page has loaded", async ({ page }) => {
  await page.goto("/");
  const [registeredMs, loadedMs] = await page.evaluate(async () => {
    const before = await navigator.serviceWorker.getRegistration();
    const loaded = performance.getEntriesByType("navigation")[0] as PerformanceNavigationTiming;
    await navigator.serviceWorker.ready;
    return [before ? 0 : performance.now(), loaded.loadEventEnd];
  });
  expect(registeredMs).toBeGreaterThan(loadedMs);
  await settle(page, "/cart");
  await page.goto("/orders");
  await page.waitForLoadState("networkidle");
  expect((await kept(page)).filter((path) => /cart|orders|account|admin/.test(path))).toEqual([]);
  await page.goto("/admin/login/");
  expect(await page.evaluate(() => performance.getEntriesByType("navigation").map((entry) => (entry as PerformanceNavigationTiming).workerStart > 0 && entry.name.includes("index.html")))).toEqual([false]);
});
