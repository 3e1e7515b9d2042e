// A slider over prices. They are crowded at the low end, so steps grow with the price, and each is a round sum.
export const STEPS = 40;

/** The price at a step: the ends exactly, between them rounded to two digits of whole money. */
export function centsAt(step: number, low: number, high: number): number {
  if (step <= 0) return low;
  if (step >= STEPS) return high;
  const bottom = Math.max(low, 100);
  const units = (bottom * (Math.max(high, bottom + 1) / bottom) ** (step / STEPS)) / 100;
  const round = 10 ** Math.max(0, Math.floor(Math.log10(units)) - 1);
  return Math.min(high, Math.max(low, Math.round(units / round) * round * 100));
}

/** The step that is nearest to a price. */
export function stepAt(cents: number, low: number, high: number): number {
  if (cents <= low) return 0;
  if (cents >= high) return STEPS;
  const distances = Array.from({ length: STEPS + 1 }, (_, step) => Math.abs(centsAt(step, low, high) - cents));
  return distances.indexOf(Math.min(...distances));
}
