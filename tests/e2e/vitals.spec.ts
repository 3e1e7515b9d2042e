import { expect, test } from "@playwright/test";

// The page says that it is hidden, as when the shopper leaves it; the beacon goes out for real, and is read on its way.
test("a visit tells how fast it was when it is left, and nothing before", async ({ page }) => {
  const sent: string[] = [];
  await page.exposeFunction("keepBeacon", (body: string) => sent.push(body));
  await page.addInitScript(() => {
    const send = navigator.sendBeacon.bind(navigator);
    navigator.sendBeacon = (url, body) => {
      void (body as Blob).text().then((window as unknown as { keepBeacon: (text: string) => void }).keepBeacon);
      return send(url, body);
    };
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
  expect([202, 429]).toContain((await answered).status()); // a whole run makes more visits than one address may tell of
  await expect.poll(() => sent.length).toBe(1);
  const visit = JSON.parse(sent[0] ?? "") as { page: string; device: string; lcp: number; cls: number };
  expect([visit.page, visit.device]).toEqual(["home", "phone"]);
  expect(visit.lcp).toBeGreaterThan(0);
  expect(visit.cls).toBeLessThan(0.1);
});
