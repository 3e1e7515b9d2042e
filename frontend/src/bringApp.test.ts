import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { bringApp } from "./bringApp";

const isHere = () => document.head.querySelector("link[data-app]") !== null;
/** The next picture, and what is done after it. */
const paint = () => vi.advanceTimersByTime(40);

beforeEach(() => {
  vi.useFakeTimers();
  document.head.innerHTML = "";
  document.body.innerHTML = '<main></main><template id="app-files"><link data-app></template>';
});
afterEach(() => void vi.useRealTimers());

const withPicture = (complete: boolean) => {
  const picture = document.createElement("img");
  picture.setAttribute("fetchpriority", "high");
  Object.defineProperty(picture, "complete", { value: complete });
  document.querySelector("main")?.append(picture);
  return picture;
};

test("a page without a picture gets its app once it is painted", () => {
  bringApp();
  expect(isHere()).toBe(false);
  paint();
  expect(isHere()).toBe(true);
});

test.each(["load", "error"])("the app comes after the first picture (%s)", (event) => {
  const picture = withPicture(false);
  bringApp();
  paint();
  expect(isHere()).toBe(false);
  picture.dispatchEvent(new Event(event));
  expect(isHere()).toBe(false);
  paint();
  expect(isHere()).toBe(true);
});

test("a picture that is here already is only painted first", () => {
  withPicture(true);
  bringApp();
  paint();
  expect(isHere()).toBe(true);
});

test("a slow picture is not waited for longer than half a second", () => {
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
