// The search box on real keys and fingers, a product's pictures, buying in a few taps. Numbers are those of the checklist.
import type { Page } from "@playwright/test";
import { expect, field, shown, test, tiles } from "./store";

const PAGES = ["/", "/search?q=lamp", "/category/kitchen", "/browse", "/product/1", "/cart", "/orders", "/account"];
const options = (page: Page) => page.getByRole("option");
const gallery = (page: Page) => page.getByRole("region", { name: "Pictures" });
const zoomed = (page: Page) => page.getByRole("dialog", { name: "Pictures" });
const addOne = async (page: Page, id = 1) => {
  await page.goto(`/product/${id}`);
  const added = page.waitForResponse((response) => response.url().includes("/api/cart/items/"));
  await page.getByRole("button", { name: "Add to cart" }).first().click();
  await added;
};

test.describe("search box", () => {
  test.use({ serviceWorker: false });

  test("1, 2: the field is on top of every page, 48 px high in 16 px letters, with a button beside it", async ({ page }) => {
    for (const address of PAGES) {
      await page.goto(address);
      await expect(field(page)).toBeVisible();
      await expect(async () => {
        const box = await field(page).locator("xpath=..").boundingBox(); // the app may just be taking the shell's place
        expect([address, box?.height, (box?.y ?? 99) < 20, (box?.width ?? 0) > 200]).toEqual([address, 48, true, true]);
      }).toPass();
      expect(await field(page).evaluate((input) => getComputedStyle(input).fontSize)).toBe("16px");
      await expect(page.getByRole("search").getByRole("button", { name: "Search", exact: true })).toBeVisible();
    }
  });

  test("3: the query stays in the field on results, also after Back from a product", async ({ page }) => {
    await page.goto("/search?q=desk+lamp");
    await shown(page);
    await tiles(page).first().getByRole("link").click();
    await expect(field(page)).toHaveValue("");
    await page.goBack();
    await expect(field(page)).toHaveValue("desk lamp");
  });

  test("4: on a phone focus opens a layer that covers the page, which is out of reach until Cancel", async ({ page }) => {
    await page.goto("/");
    await field(page).click();
    await expect(options(page).first()).toBeVisible();
    expect(await page.locator("main").getAttribute("inert")).not.toBeNull();
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).overflowY)).toBe("hidden");
    await page.getByRole("button", { name: "Cancel" }).click();
    await expect(options(page).first()).toBeHidden();
    await expect(page.locator("main")).not.toHaveAttribute("inert");
    await expect(field(page)).not.toBeFocused(); // the keyboard is gone, and a tap opens it again
  });

  test("5: recent searches come first, one or all can be forgotten", async ({ page }) => {
    await page.goto("/search?q=lamp");
    await page.evaluate(() => localStorage.setItem("searches", JSON.stringify(["desk lamp", "mug"])));
    await page.reload();
    await field(page).click();
    await field(page).fill("");
    await expect(page.getByRole("group", { name: "Recent searches" }).getByRole("option")).toHaveText(["desk lamp", "mug"]);
    await expect(page.getByRole("group", { name: "Popular now" }).getByRole("option").first()).toBeVisible();
    await page.getByTitle("Forget “mug”").click();
    await page.getByRole("button", { name: "Clear all" }).click();
    await expect(page.getByRole("group", { name: "Recent searches" })).toBeHidden();
  });

  test("9, 10: a key is answered within 100 ms from what is known, and one request is sent for a word", async ({ page }) => {
    await page.goto("/");
    await field(page).click();
    const answered = page.waitForResponse(/suggestions\/\?q=head(&|$)/);
    await field(page).pressSequentially("head", { delay: 30 });
    await answered;
    await expect(options(page).filter({ hasText: "Headphones" }).first()).toBeVisible();
    const asked: string[] = [];
    page.on("request", (request) => {
      if (request.url().includes("/api/suggestions/")) asked.push(new URL(request.url()).searchParams.get("q") ?? "");
    });
    await page.route("**/api/suggestions/**", () => undefined); // never answered
    await field(page).pressSequentially("ph"); // without a pause that a busy machine could make longer than the store waits
    await page.waitForTimeout(100);
    await expect(options(page).filter({ hasText: "Headphones" }).first()).toBeVisible();
    await expect.poll(() => asked).toEqual(["headph"]);
    await field(page).pressSequentially("zz");
    expect(await options(page).count()).toBeGreaterThan(0); // no flash to empty
  });

  test("11, 12, 14: at most eight rows with a product's picture and price; the last word may be unfinished", async ({ page }) => {
    await page.goto("/");
    await field(page).click();
    await field(page).pressSequentially("wireless headph");
    const category = options(page).filter({ hasText: "Category" }).first();
    await expect(category).toContainText("Wireless Headphones");
    expect((await category.locator("b").allTextContents()).join("")).toBe("ones");
    const product = options(page).filter({ hasText: "$" }).first();
    await expect(product.locator("img")).toBeVisible();
    expect(await options(page).count()).toBeLessThanOrEqual(8);
    const panel = page.getByRole("listbox").locator("xpath=..");
    expect(await panel.evaluate((one) => one.scrollHeight <= one.clientHeight)).toBe(true);
  });

  test("11: a word of several departments is offered in each", async ({ page }) => {
    await page.goto("/");
    await field(page).click();
    await field(page).pressSequentially("case");
    const scope = options(page).filter({ hasText: /in TV & Audio/ });
    await scope.click();
    await expect(page).toHaveURL(/q=case&category=audio/);
    await expect(field(page)).toHaveValue("case");
  });

  test.describe("by keyboard", () => {
    test.use({ viewport: { width: 1280, height: 800 }, isMobile: false, hasTouch: false });

    test("13: arrows move, the marked row is said, Escape closes, Tab leaves", async ({ page }) => {
      await page.goto("/");
      await field(page).click();
      await field(page).pressSequentially("coffee");
      await expect(options(page).filter({ hasText: "Coffee Mug" }).first()).toBeVisible();
      await expect(page.getByRole("search").locator("xpath=..").getByRole("status")).toHaveText(/^\d suggestions$/);
      await page.keyboard.press("ArrowDown");
      const marked = await field(page).getAttribute("aria-activedescendant");
      await expect(page.locator(`[id="${marked}"]`)).toHaveAttribute("aria-selected", "true");
      await page.keyboard.press("Escape");
      await expect(page.getByRole("listbox")).toBeHidden();
      await expect(field(page)).toBeFocused();
      await expect(field(page)).toHaveAttribute("aria-expanded", "false");
      await page.keyboard.press("ArrowDown");
      await expect(page.getByRole("listbox")).toBeVisible();
      for (let step = 0; step < 3; step++) await page.keyboard.press("Tab"); // clear, search, out
      await expect(page.getByRole("listbox")).toBeHidden();
    });
  });
});

test.describe("product", () => {
  test("40: the buying bar comes when the button leaves view, and what it adds can be taken back", async ({ page }) => {
    await page.goto("/product/1");
    const bar = page.getByRole("complementary");
    await expect(page.getByRole("button", { name: "Add to cart" })).toHaveCount(1);
    await expect(bar).toBeHidden();
    await page.getByRole("heading", { name: "Similar products" }).scrollIntoViewIfNeeded();
    await bar.getByRole("button", { name: "Add to cart" }).click();
    const count = page.getByRole("link", { name: /Cart$/ }).filter({ visible: true });
    await expect(count).toHaveText(/^1/);
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(count).not.toHaveText(/\d/);
  });

  test("41: pictures are stepped by buttons and arrow keys, and the dots follow", async ({ page }) => {
    await page.goto("/product/1");
    const said = gallery(page).getByRole("status");
    await expect(said).toHaveText("Picture 1 of 3");
    await gallery(page).getByRole("button", { name: "Next picture" }).click();
    await expect(said).toHaveText("Picture 2 of 3");
    await page.keyboard.press("ArrowRight");
    await expect(said).toHaveText("Picture 3 of 3");
    await expect(gallery(page).getByRole("button", { name: "Next picture" })).toBeDisabled();
  });

  test("41, 49: a tap shows a picture in full, pinched it grows, Back closes it and the focus returns", async ({ page }) => {
    await page.goto("/product/1");
    const picture = gallery(page).getByRole("button", { name: /enlarge$/ }).first();
    await picture.click();
    const frame = zoomed(page).getByRole("group");
    const width = () => frame.evaluate((one) => one.scrollWidth);
    expect(await width()).toBe(390);
    await frame.click({ position: { x: 200, y: 400 } });
    await expect.poll(width).toBe(975);
    expect(await frame.evaluate((one) => [one.scrollLeft, one.scrollTop])).toEqual([300, 600]); // the point stays under the finger
    await frame.click({ position: { x: 200, y: 400 } });
    await expect.poll(width).toBe(390);
    const fingers = await page.context().newCDPSession(page);
    const touch = (type: "touchStart" | "touchMove" | "touchEnd", apart: number) =>
      fingers.send("Input.dispatchTouchEvent", { type, touchPoints: type === "touchEnd" ? [] : [{ x: 200 - apart, y: 400, id: 0 }, { x: 200 + apart, y: 400, id: 1 }] });
    await touch("touchStart", 40);
    for (const apart of [50, 60, 80]) await touch("touchMove", apart);
    await touch("touchEnd", 80);
    await expect.poll(width).toBe(780);
    await page.goBack();
    await expect(zoomed(page)).toBeHidden();
    await expect(page).toHaveURL(/\/product\/1$/);
    await expect(picture).toBeFocused();
  });

  test("52: a product is shared by its link", async ({ page, context }) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.addInitScript(() => Object.defineProperty(navigator, "share", { value: undefined }));
    await page.goto("/product/1");
    await page.getByRole("button", { name: "Share" }).click();
    await expect(page.getByText("Link copied")).toBeVisible();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/\/product\/1$/);
  });

  test("52: a phone's own share sheet is used where there is one", async ({ page }) => {
    await page.addInitScript(() => Object.defineProperty(navigator, "share", { value: (what: { url: string }) => Promise.resolve(Object.assign(window, { shared: what.url })) }));
    await page.goto("/product/1");
    await page.getByRole("button", { name: "Share" }).click();
    expect(await page.evaluate(() => (window as unknown as { shared: string }).shared)).toMatch(/\/product\/1$/);
  });
});

test("a second order is a few taps: the address is filled in", async ({ page }) => {
  await addOne(page, 40);
  await page.goto("/checkout");
  const fields = { "E-mail": "ada@example.com", "Full name": "Ada Lovelace", "Street and number": "12 St James's Square", Postcode: "SW1Y 4JH", City: "London" };
  for (const [name, text] of Object.entries(fields)) await page.getByRole("textbox", { name }).fill(text);
  await page.getByRole("button", { name: /^Place order/ }).click();
  await expect(page.getByText("Thank you!")).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: /^Placed$/ })).toHaveAttribute("aria-current", "step");
  await addOne(page, 42);
  await page.getByRole("button", { name: "View cart" }).click();
  await page.getByRole("link", { name: "Check out" }).click();
  await page.getByRole("button", { name: /^Place order/ }).click();
  await expect(page.getByText("Thank you!")).toBeVisible();
});

test("40: what is removed from the cart comes back", async ({ page }) => {
  await addOne(page, 40);
  await page.goto("/cart");
  await page.getByRole("button", { name: /^Remove: / }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Your cart is empty" })).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("link", { name: "Check out" })).toBeVisible();
});
