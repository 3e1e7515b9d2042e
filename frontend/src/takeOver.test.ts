import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { doAgain } from "./takeOver";

const SHELL = '<main aria-busy="true"><button aria-label="Filters">F</button><label>Sort<select><option>a</option><option>b</option></select></label></main>';
const root = document.createElement("div");
const happen = (type: string, selector: string) => {
  const target = root.querySelector(selector);
  target?.addEventListener(type, (event) => window.early?.push({ event, control: target.closest<HTMLElement>("button, label") }), { once: true });
  target?.dispatchEvent(new Event(type, { bubbles: true }));
};
/** The app puts its page in the shell's place. */
const pageComesIn = async () => {
  root.innerHTML = SHELL.replace(' aria-busy="true"', "");
  await Promise.resolve();
};

beforeEach(() => {
  document.body.append(root);
  root.innerHTML = SHELL;
  window.early = [];
});
afterEach(() => {
  root.remove();
  window.early = undefined;
});

test("what was tapped before the app ran is done once the page is in, and once", async () => {
  happen("click", "button");
  doAgain(root);
  const clicked = vi.fn();
  root.addEventListener("click", clicked);
  await Promise.resolve();
  expect(clicked).not.toHaveBeenCalled();
  await pageComesIn();
  expect(clicked).toHaveBeenCalledOnce();
  expect(window.early).toBeUndefined();
  root.removeEventListener("click", clicked);
});

test("what was chosen before the app ran is chosen in the page", async () => {
  (root.querySelector("select") as HTMLSelectElement).value = "b";
  happen("change", "select");
  doAgain(root);
  const changed = vi.fn();
  root.addEventListener("change", changed);
  await pageComesIn();
  expect(root.querySelector("select")?.value).toBe("b");
  expect(changed).toHaveBeenCalledOnce();
  root.removeEventListener("change", changed);
});

test("without a tap nothing is done", async () => {
  doAgain(root);
  const clicked = vi.fn();
  root.addEventListener("click", clicked);
  await pageComesIn();
  expect(clicked).not.toHaveBeenCalled();
  root.removeEventListener("click", clicked);
});
