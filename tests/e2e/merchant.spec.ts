import { expect, search, test, titles } from "./store";

test("a merchant's edit is found by shoppers within seconds", async ({ page, context }) => {
  const word = `zephyrine${Date.now() % 100_000}`;
  const admin = await context.newPage();
  await admin.setViewportSize({ width: 1280, height: 800 });
  await admin.goto("/admin/login/");
  await admin.locator("#id_username").fill("merchant@example.com");
  await admin.locator("#id_password").fill("pocketshop-demo");
  await admin.locator("#id_password").press("Enter");
  await admin.goto("/admin/catalog/product/?q=UMBRELLA-01");
  await admin.locator("#result_list a[href*='/change/']").first().click();
  const title = admin.locator("#id_title");
  const before = await title.inputValue();
  await title.fill(`${before} ${word}`);
  await admin.locator("button[name='_save'], input[name='_save']").first().click();
  await expect(admin).toHaveURL(/\/admin\/catalog\/product\/(\?.*)?$/);

  await page.goto("/");
  await expect(async () => {
    await page.goto("/");
    await search(page, word);
    await expect(titles(page).first()).toContainText(word, { timeout: 500 });
  }).toPass({ timeout: 15_000 });

  await admin.goBack();
  await admin.reload();
  await admin.locator("#id_title").fill(before);
  await admin.locator("button[name='_save'], input[name='_save']").first().click();
  await expect(admin).toHaveURL(/\/admin\/catalog\/product\/(\?.*)?$/);
});
