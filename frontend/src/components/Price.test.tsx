import { render } from "@testing-library/react";
import { expect, test } from "vitest";
import { LanguageContext } from "../i18n/language";
import { Price } from "./Price";

const spoken = (language: "en" | "zh", saleCents: number | null) =>
  render(
    <LanguageContext value={{ language }}>
      <Price cents={2490} saleCents={saleCents} currency="USD" />
    </LanguageContext>,
  ).container.textContent;

test("a reduced price is read with what it was", () => {
  expect(spoken("en", 1990)).toBe("now $19.90 was $24.90");
  expect(spoken("zh", 1990)).toBe("现价 $19.90 原价 $24.90");
});

test("a usual price stands alone", () => {
  expect(spoken("en", null)).toBe("$24.90");
});
