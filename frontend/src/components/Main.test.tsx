import { act, render } from "@testing-library/react";
import { expect, test } from "vitest";
import { Main } from "./Main";

const shellOf = (html: string) => {
  const element = document.createElement("div");
  element.innerHTML = html;
  return [...element.childNodes];
};

test("what Django wrote stays until the page takes its place", async () => {
  const { container } = render(<Main shell={shellOf("<p>shell</p>")}>page</Main>);
  expect(container.textContent).toBe("shell");
  await act(() => new Promise((resolve) => setTimeout(resolve, 5)));
  expect(container.textContent).toBe("page");
});

test("without a shell the page is there at once", () => {
  const { container } = render(<Main shell={shellOf("")}>page</Main>);
  expect(container.textContent).toBe("page");
});
