import { expect, test } from "vitest";
import { centsAt, stepAt, STEPS } from "./priceScale";

test("the ends are the cheapest and the dearest, exactly", () => {
  expect([centsAt(0, 399, 222_199), centsAt(STEPS, 399, 222_199)]).toEqual([399, 222_199]);
});

test("between them prices are round and only grow", () => {
  const prices = Array.from({ length: STEPS + 1 }, (_, step) => centsAt(step, 399, 222_199));
  expect(prices).toEqual([...prices].sort((a, b) => a - b));
  expect(prices.slice(1, -1).every((cents) => cents % 100 === 0)).toBe(true);
  expect(centsAt(20, 500, 100_000)).toBe(7100); // the geometric mean of $5 and $1,000 is $70.71
});

test("a price is found again at its step", () => {
  expect(stepAt(7100, 500, 100_000)).toBe(20);
  expect([stepAt(1, 500, 100_000), stepAt(999_999, 500, 100_000)]).toEqual([0, STEPS]);
});
