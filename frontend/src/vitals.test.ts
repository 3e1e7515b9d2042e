import { describe, expect, it } from "vitest";
import { deviceClass, interactionDelay, layoutShift, pageType } from "./vitals";

const shift = (startTime: number, value: number, hadRecentInput = false) => ({ startTime, value, hadRecentInput });

describe("layoutShift", () => {
  it("is none without shifts, or with those that an input explains", () => {
    expect(layoutShift([])).toBe(0);
    expect(layoutShift([shift(10, 0.5, true)])).toBe(0);
  });

  it("is the largest burst, not the sum of all", () => {
    expect(layoutShift([shift(0, 0.125), shift(900, 0.25), shift(2000, 0.25)])).toBe(0.375);
  });

  it("ends a burst after five seconds", () => {
    const steady = Array.from({ length: 12 }, (_, number) => shift(number * 500, 0.125));
    expect(layoutShift(steady)).toBe(1.25); // 0 to 4,500 ms
  });
});

describe("interactionDelay", () => {
  it("is the slowest of fewer than fifty interactions, and unknown without any", () => {
    expect(interactionDelay([300, 80], 49)).toBe(300);
    expect(interactionDelay([], 0)).toBeUndefined();
  });

  it("leaves out one in fifty, as far as there are slow ones", () => {
    expect(interactionDelay([300, 80, 60], 50)).toBe(80);
    expect(interactionDelay([300, 80], 500)).toBe(80);
  });
});

it("knows a page by its address, with or without a language", () => {
  expect(["/", "/zh", "/search", "/zh/product/3", "/category/laptop", "/checkout", "/orders/A1"].map(pageType)).toEqual([
    "home", "home", "search", "product", "category", "cart", "other",
  ]);
});

it("tells devices by the width of the window", () => {
  expect([390, 599, 600, 1023, 1024].map(deviceClass)).toEqual(["phone", "phone", "tablet", "tablet", "desktop"]);
});
