import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { suggestions } from "../test/fixtures";
import { network, open } from "../test/store";
import type { Request } from "../test/store";

const field = () => screen.getByRole("combobox", { name: "Search" });
const asked = (requests: Request[]) => requests.filter((one) => one.path === "/api/suggestions/").map((one) => one.params.get("q"));
const remembered = () => JSON.parse(localStorage.getItem("searches") ?? "[]") as string[];
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test("typing asks once it pauses, not for every letter", async () => {
  const requests = network({ "GET /api/suggestions/": suggestions("coffee mug", "coffee maker") });
  const { user } = open("/");
  await user.type(field(), "cof");
  const list = screen.getByRole("listbox");
  await waitFor(() => expect(asked(requests)).toContain("cof"));
  expect(asked(requests)).toEqual(["", "cof"]);
  expect(await within(list).findAllByRole("option")).toHaveLength(2);
  expect(await screen.findByText("2 suggestions")).toBeTruthy();
});

test("nothing is sent while a Chinese word is being composed", async () => {
  const requests = network();
  open("/");
  fireEvent.focus(field());
  await waitFor(() => expect(asked(requests)).toEqual([""]));
  fireEvent.compositionStart(field());
  for (const letters of ["n", "nu", "nuan"]) fireEvent.change(field(), { target: { value: letters } });
  await pause(250);
  expect(asked(requests)).toEqual([""]);
  fireEvent.change(field(), { target: { value: "暖" } });
  fireEvent.compositionEnd(field());
  await waitFor(() => expect(asked(requests)).toEqual(["", "暖"]));
});

test("arrows move through the suggestions and back to the field, and Enter searches for the marked one", async () => {
  network({ "GET /api/suggestions/": suggestions("coffee mug", "coffee maker") });
  const { user } = open("/");
  await user.type(field(), "coffee");
  await screen.findByRole("option", { name: /maker/ });
  await user.keyboard("{ArrowUp}");
  const last = screen.getByRole("option", { name: /maker/ });
  expect(last.getAttribute("aria-selected")).toBe("true");
  expect(field().getAttribute("aria-activedescendant")).toBe(last.id);
  await user.keyboard("{ArrowDown}");
  expect(field().getAttribute("aria-activedescendant")).toBeNull();
  await user.keyboard("{ArrowDown}{Enter}");
  expect(await screen.findByRole("heading", { level: 1, name: "Results for “coffee mug”" })).toBeTruthy();
  expect(location.pathname + location.search).toBe("/search?q=coffee%20mug");
});

test("submitting keeps the query in the field, and clearing empties it", async () => {
  network();
  const { user } = open("/");
  await user.type(field(), "warm socks{Enter}");
  await screen.findByRole("heading", { level: 1, name: "Results for “warm socks”" });
  expect((field() as HTMLInputElement).value).toBe("warm socks");
  await user.click(screen.getByRole("button", { name: "Clear search" }));
  expect((field() as HTMLInputElement).value).toBe("");
  expect(document.activeElement).toBe(field());
});

test("searches are remembered, newest first, and can be forgotten one by one or all", async () => {
  network();
  localStorage.setItem("searches", JSON.stringify(["lamp", "mug", "sofa"]));
  const { user } = open("/");
  await user.click(field());
  expect((await screen.findAllByRole("option")).map((row) => row.textContent)).toEqual(["lamp", "mug", "sofa"]);
  await user.keyboard("{ArrowDown}{Delete}");
  expect(remembered()).toEqual(["mug", "sofa"]);
  await user.click(screen.getByTitle("Forget “sofa”"));
  expect(remembered()).toEqual(["mug"]);
  await user.click(screen.getByRole("button", { name: "Clear all" }));
  expect(remembered()).toEqual([]);
  expect(screen.queryAllByRole("option")).toEqual([]);
});

test("focus opens one layer of the history, and Escape closes it again", async () => {
  network();
  const { user } = open("/");
  const before = history.length;
  await user.click(field());
  expect(history.length).toBe(before + 1);
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("listbox")).toBeNull());
});

test("what is predicted is bold, also where a typo in what was typed was put right", async () => {
  network({
    "GET /api/suggestions/": {
      query: "hedph",
      suggestions: [
        { kind: "brand", text: "Hedphi" },
        { kind: "category", text: "Wireless Headphones", slug: "headphones", read_as: "headph" },
        { kind: "query", text: "earphones", read_as: "headph" },
      ],
    },
  });
  const { user } = open("/");
  await user.type(field(), "hedph");
  const bold = (name: RegExp) => [...screen.getByRole("option", { name }).querySelectorAll("b")].map((part) => part.textContent);
  await screen.findByRole("option", { name: /^Wireless/ });
  expect(bold(/^Hedphi/)).toEqual(["", "i"]);
  expect(bold(/^Wireless/)).toEqual(["Wireless ", "ones"]);
  expect(bold(/^earphones/)).toEqual([]);
});
