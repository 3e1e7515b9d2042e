import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { bringApp } from "./bringApp";

const isHere = () => document.head.querySelector("link[data-app]") !== null;
let told: () => void = () => undefined;
/** The browser says that it has painted, and goes on to the next picture. */
const paint = () => {
  told();
  vi.advanceTimersByTime(40);
};

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal(
    "PerformanceObserver",
    class {
      constructor(tell: () => void) {
        told = tell;
      }
      observe() {
        return undefined;
      }
    },
  );
  document.head.innerHTML = "";
  document.body.innerHTML = '<main></main><template id="app-files"><link data-app></template>';
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const withPicture = (complete: boolean) => {
  const picture = document.createElement("img");
  picture.setAttribute("fetchpriority", "high");
  Object.defineProperty(picture, "complete", { value: complete, configurable: true });
  document.querySelector("main")?.append(picture);
  return picture;
};

test("a page without a picture gets its app once it is painted", () => {
  bringApp();
  vi.advanceTimersByTime(40);
  expect(isHere()).toBe(false);
  paint();
  expect(isHere()).toBe(true);
});

test.each(["load", "error"])("the app comes after the first picture (%s)", (event) => {
  const picture = withPicture(false);
  bringApp();
  paint();
  expect(isHere()).toBe(false);
  Object.defineProperty(picture, "complete", { value: true });
  picture.dispatchEvent(new Event(event));
  expect(isHere()).toBe(false);
  vi.advanceTimersByTime(40);
  expect(isHere()).toBe(true);
});

test("a picture that is here already is painted first", () => {
  withPicture(true);
  bringApp();
  vi.advanceTimersByTime(40);
  expect(isHere()).toBe(false);
  paint();
  expect(isHere()).toBe(true);
});

test("a slow picture, or a page in the background, is not waited for longer than half a second", () => {
  withPicture(false);
  bringApp();
  vi.advanceTimersByTime(490);
  expect(isHere()).toBe(false);
  vi.advanceTimersByTime(20);
  expect(isHere()).toBe(true);
});

test.each(["pointerdown", "keydown"])("who uses the page gets the app at once (%s), and once", (event) => {
  withPicture(false);
  bringApp();
  dispatchEvent(new Event(event));
  expect(isHere()).toBe(true);
  vi.advanceTimersByTime(1000);
  expect(document.head.querySelectorAll("link[data-app]")).toHaveLength(1);
});
