import { afterEach, expect, test, vi } from "vitest";
import { buzz } from "./haptics";

const vibrate = vi.fn();
const withMotion = (reduced: boolean) => {
  vi.spyOn(window, "matchMedia").mockReturnValue({ matches: reduced } as MediaQueryList);
  Object.assign(navigator, { vibrate });
  vibrate.mockClear();
};
afterEach(() => {
  vi.restoreAllMocks();
  delete (navigator as { vibrate?: unknown }).vibrate;
});

test("a phone buzzes once for what was done", () => {
  withMotion(false);
  buzz();
  expect(vibrate.mock.calls).toEqual([[10]]);
});

test("nothing buzzes for those who want less motion", () => {
  withMotion(true);
  buzz();
  expect(vibrate).not.toHaveBeenCalled();
});

test("a device that cannot buzz is left alone", () => {
  withMotion(false);
  delete (navigator as { vibrate?: unknown }).vibrate;
  expect(buzz).not.toThrow();
});
