import { act, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ToastProvider, useToast } from "./toast";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const undone = vi.fn();
function Buttons() {
  const toast = useToast();
  return (
    <>
      <button onClick={() => toast("Added", { label: "Undo", run: undone })}>add</button>
      <button onClick={() => toast("Removed")}>remove</button>
    </>
  );
}
const show = (name: string) => fireEvent.click(screen.getByRole("button", { name }));
const pass = (ms: number) => act(() => vi.advanceTimersByTime(ms));
const place = () => screen.getByRole("status");
const openToasts = () =>
  render(
    <ToastProvider>
      <Buttons />
    </ToastProvider>,
  );

test("a toast is announced in a place that was there before, and goes by itself", () => {
  openToasts();
  const before = place();
  show("add");
  expect(place()).toBe(before);
  expect(before.textContent).toBe("AddedUndo");
  pass(6000);
  expect(before.textContent).toBe("");
});

test("a second toast takes the first one's place, for its whole time", () => {
  openToasts();
  show("add");
  pass(5000);
  show("remove");
  expect(place().textContent).toBe("Removed");
  pass(5000);
  expect(place().textContent).toBe("Removed");
});

test("a toast stays as long as it is touched or has the focus", () => {
  openToasts();
  show("add");
  const undo = screen.getByRole("button", { name: "Undo" });
  fireEvent.pointerEnter(undo.parentElement as HTMLElement);
  pass(20_000);
  expect(place().textContent).toBe("AddedUndo");
  fireEvent.pointerLeave(undo.parentElement as HTMLElement);
  act(() => undo.focus());
  pass(20_000);
  expect(place().textContent).toBe("AddedUndo");
  act(() => undo.blur());
  pass(6000);
  expect(place().textContent).toBe("");
});

test("undo runs once and takes the toast away", () => {
  undone.mockClear();
  openToasts();
  show("add");
  show("Undo");
  expect(undone).toHaveBeenCalledTimes(1);
  expect(place().textContent).toBe("");
});
