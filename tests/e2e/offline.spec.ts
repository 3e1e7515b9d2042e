// The store without a network: at first everything is there, then the network is switched off, or the server stopped.
import { AxeBuilder } from "@axe-core/playwright";
import { field, search, tiles, titles } from "./store";
import { addFirst, banner, cartQuantity, cartTab, expect, fillDelivery, isAccessible, kept, notice, settle, test } from "./worker";

test("46 with the network off the shell, home, last results, seen products and pictures are there, under a banner", async ({ page, context }) => {
  await settle(page, "/search?q=mug");
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
  await expect.poll(async () => (await titles(page).allTextContents()).slice(0, 5)).toEqual(found);
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
  await page.goto("/category/kitchen");
  await expect(page.getByRole("heading", { level: 1, name: "This page is not on this device yet" })).toBeVisible();
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
  for (const path of ["/", "/search?q=never%20asked", "/product/1", "/cart", "/checkout", "/orders", "/account", "/zh/cart", "/no-such-page"]) {
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
  await expect.poll(() => titles(cold).allTextContents()).toEqual(found);
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
  await isAccessible(news);
  await news.getByRole("button", { name: "OK" }).click();
  await expect(news).toBeHidden();
});

test("46 checking out without a network keeps the cart and says what to do", async ({ page, context }) => {
  await settle(page, "/search?q=lamp");
  await addFirst(page);
  await expect.poll(() => cartQuantity(page)).toEqual([1]);
  await context.setOffline(true);
  await page.goto("/checkout");
  await fillDelivery(page);
  await page.getByRole("button", { name: /^Place order/ }).click();
  await expect(page.getByRole("alert")).toContainText("Your cart is kept: place the order when there is a network again.");
  await context.setOffline(false);
  await page.getByRole("button", { name: /^Place order/ }).click();
  await expect(page.getByText("Thank you!")).toBeVisible();
});
