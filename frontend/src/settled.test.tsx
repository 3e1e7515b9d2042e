import { act, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { useSettled } from "./settled";

const Shown = () => <p>{useSettled() ? "settled" : "new"}</p>;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("a page is settled once it is used", () => {
  render(<Shown />);
  expect(screen.getByText("new")).toBeTruthy();
  fireEvent.pointerDown(document.body);
  expect(screen.getByText("settled")).toBeTruthy();
});

test("a page that nobody touches is settled after six seconds", () => {
  render(<Shown />);
  act(() => void vi.advanceTimersByTime(5900));
  expect(screen.getByText("new")).toBeTruthy();
  act(() => void vi.advanceTimersByTime(200));
  expect(screen.getByText("settled")).toBeTruthy();
});
