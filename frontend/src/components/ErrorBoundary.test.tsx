import { render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { ErrorBoundary } from "./ErrorBoundary";

function Broken(): never {
  throw new Error("a bug");
}

test("a crash leaves a message and a way to try again", () => {
  const log = vi.spyOn(console, "error").mockImplementation(() => undefined); // React tells of the crash
  render(
    <ErrorBoundary>
      <Broken />
    </ErrorBoundary>,
  );
  log.mockRestore();
  expect(screen.getByRole("heading", { level: 1, name: "That did not work" })).toBeTruthy();
  expect(screen.getByRole("button", { name: "Try again" })).toBeTruthy();
});
