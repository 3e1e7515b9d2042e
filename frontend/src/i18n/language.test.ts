import { expect, test } from "vitest";
import { en } from "./en";
import { formatMoney, languageOf, pageLanguage, translate } from "./language";
import { zh } from "./zh";

test("both languages have the same messages with the same values in them", () => {
  const values = (text: string) => [...new Set(text.match(/\{\w+\}/g))].sort();
  expect(Object.keys(zh).sort()).toEqual(Object.keys(en).sort());
  for (const key of Object.keys(en) as (keyof typeof en)[]) expect([key, values(zh[key])]).toEqual([key, values(en[key])]);
});

test("English has a singular and a plural, Chinese one form", () => {
  expect(translate("en", "results.count", { count: 1 })).toBe("1 product");
  expect(translate("en", "results.count", { count: 0 })).toBe("0 products");
  expect(translate("en", "results.count", { count: 1234 })).toBe("1,234 products");
  expect(translate("zh", "results.count", { count: 1 })).toBe("1 件商品");
});

test("money has cents only where there are some", () => {
  expect(formatMoney(159000, "USD", "en")).toBe("$1,590");
  expect(formatMoney(1599, "USD", "en")).toBe("$15.99");
  expect(formatMoney(1590, "USD", "zh")).toBe("$15.90");
  expect(formatMoney(1590, "CNY", "zh")).toBe("¥15.90");
});

test("the language is what the address begins with", () => {
  expect(["/zh", "/zh/", "/zh/product/1", "/zhou", "/", "/product/zh"].map(languageOf)).toEqual(["zh", "zh", "zh", "en", "en", "en"]);
});

test("an old link with ?lang= becomes the language's address", () => {
  history.replaceState(null, "", "/search?q=mug&lang=zh#top");
  expect([pageLanguage(), location.pathname + location.search + location.hash]).toEqual(["zh", "/zh/search?q=mug#top"]);
  history.replaceState(null, "", "/zh/?lang=en");
  expect([pageLanguage(), location.pathname + location.search]).toEqual(["en", "/"]);
});
