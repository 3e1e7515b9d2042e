// The README's pictures: SCREENSHOTS=1 npm run e2e -- screenshots
import { resolve } from "node:path";
import type { Page } from "@playwright/test";
import { field, openFilters, shown, test } from "./store";

const FOLDER = resolve(__dirname, "../../docs/screenshots");

test.skip(!process.env["SCREENSHOTS"], "only where they are asked for: they would change the working tree");
test.use({ deviceScaleFactor: 2 });

const results = async (page: Page, layout: string) => {
  await page.goto(`/search?q=quiet+headphones+for+flying&layout=${layout}`);
  await shown(page);
};
const PICTURES: Record<string, (page: Page) => Promise<unknown>> = {
  home: (page) => page.goto("/"),
  "results-list": (page) => results(page, "list"),
  "results-card": (page) => results(page, "card"),
  "results-grid": (page) => results(page, "grid"),
  "results-dark": async (page) => {
    await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
    await results(page, "list");
  },
  product: (page) => page.goto("/product/1"),
  filters: async (page) => {
    await page.goto("/search?q=running+shoes");
    await shown(page);
    await openFilters(page);
  },
  suggestions: async (page) => {
    await page.goto("/");
    await field(page).click();
    await field(page).pressSequentially("coff");
    await page.getByRole("option").nth(3).waitFor();
  },
};

test("a picture of home on a wide screen", async ({ browser, baseURL }) => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, ...(baseURL && { baseURL }) });
  await page.goto("/");
  await page.waitForLoadState("networkidle");
  await page.reload(); // the font is in the cache from now on
  await page.waitForLoadState("networkidle");
  await page.screenshot({ path: `${FOLDER}/home-wide.jpg`, type: "jpeg", quality: 82 });
  await page.close();
});

for (const [name, go] of Object.entries(PICTURES)) {
  test(`a picture of ${name}`, async ({ page }) => {
    await page.goto("/");
    await page.waitForLoadState("networkidle"); // the font is in the cache from now on
    await go(page);
    await page.waitForLoadState("networkidle");
    await page.waitForTimeout(300);
    await page.screenshot({ path: `${FOLDER}/${name}.jpg`, type: "jpeg", quality: 82 });
  });
}
