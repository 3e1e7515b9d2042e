import { expect, test } from "@playwright/test";

// The page says that it is hidden, as when the shopper leaves it; the beacon goes out for real.
test("a visit tells how fast it was when it is left, and nothing before", async ({ page }) => {
  const sent: unknown[] = [];
  page.on("request", (request) => {
    if (request.url().endsWith("/api/metrics/") && request.method() === "POST") sent.push(request.postDataJSON());
  });
  const asked = page.waitForResponse((response) => response.url().endsWith("/api/metrics/"));
  await page.goto("/");
  await asked;
  await page.getByRole("searchbox").or(page.getByRole("combobox")).first().click();
  await page.waitForTimeout(500);
  expect(sent).toEqual([]);
  const answered = page.waitForResponse((response) => response.url().endsWith("/api/metrics/") && response.request().method() === "POST");
  await page.evaluate(() => {
    Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
    document.dispatchEvent(new Event("visibilitychange"));
  });
  expect((await answered).status()).toBe(202);
  expect(sent).toHaveLength(1);
  const visit = sent[0] as { page: string; device: string; lcp: number; cls: number };
  expect([visit.page, visit.device]).toEqual(["home", "phone"]);
  expect(visit.lcp).toBeGreaterThan(0);
  expect(visit.cls).toBeLessThan(0.1);
});
