import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
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
  fireEvent.click(field());
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

test("passing by with Tab opens nothing", async () => {
  network();
  const { user } = open("/");
  while (document.activeElement !== field()) await user.tab();
  expect(screen.queryByRole("listbox")).toBeNull();
  await user.keyboard("{ArrowDown}");
  expect(await screen.findByRole("listbox")).toBeTruthy();
});

test("a tap opens one layer of the history, and Escape closes it again", async () => {
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

test("a request that is no longer wanted is aborted, and its late answer changes nothing", async () => {
  const late = new Map<string, (value: unknown) => void>();
  const requests = network({
    "GET /api/suggestions/": ({ params }: Request) => (params.get("q") ? new Promise((resolve) => late.set(params.get("q") ?? "", resolve)) : suggestions()),
  });
  const { user } = open("/");
  await user.type(field(), "cof");
  await waitFor(() => expect(late.has("cof")).toBe(true));
  await user.type(field(), "fee");
  await waitFor(() => expect(late.has("coffee")).toBe(true));
  expect(requests.find((one) => one.params.get("q") === "cof")?.signal?.aborted).toBe(true);
  await act(async () => late.get("coffee")?.(suggestions("coffee mug")));
  await act(async () => late.get("cof")?.(suggestions("coffin")));
  expect((await screen.findAllByRole("option")).map((row) => row.textContent)).toEqual(["coffee mug"]);
});

test("a key shows what is known to fit at once, and the list never flashes to empty", async () => {
  network({ "GET /api/suggestions/": ({ params }: Request) => (params.get("q") ? new Promise(() => undefined) : suggestions("coffee mug", "sofa")) });
  const { user } = open("/");
  await user.click(field());
  await screen.findByRole("option", { name: "sofa" });
  fireEvent.change(field(), { target: { value: "cof" } });
  expect(screen.getAllByRole("option").map((row) => row.textContent)).toEqual(["coffee mug"]);
  fireEvent.change(field(), { target: { value: "xyz" } });
  expect(screen.getAllByRole("option")).toHaveLength(2);
});

test("under an empty field own searches and popular ones are two groups", async () => {
  network({ "GET /api/suggestions/": suggestions("lamp", "kettle") });
  localStorage.setItem("searches", JSON.stringify(["lamp"]));
  const { user } = open("/");
  await user.click(field());
  const group = (name: string) => within(screen.getByRole("group", { name })).getAllByRole("option").map((row) => row.textContent);
  await screen.findByRole("option", { name: "kettle" });
  expect(group("Recent searches")).toEqual(["lamp"]);
  expect(group("Popular now")).toEqual(["kettle"]);
});

test("a department searches in it, a product type is searched for, a brand is a filter", async () => {
  network({
    "GET /api/suggestions/": {
      query: "lamp",
      suggestions: [
        { kind: "department", text: "lamp", slug: "camping", department: "Camping" },
        { kind: "type", text: "Lamp shades" },
        { kind: "brand", text: "Lampo" },
      ],
    },
  });
  const { user } = open("/");
  const go = async (name: RegExp) => {
    await user.clear(field());
    await user.type(field(), "lamp");
    await user.click(await screen.findByRole("option", { name }));
    await waitFor(() => expect(screen.queryByRole("listbox")).toBeNull());
    return location.pathname + location.search;
  };
  expect(await go(/in Camping$/)).toBe("/search?q=lamp&category=camping");
  expect(await go(/shades$/)).toBe("/search?q=Lamp%20shades");
  expect(await go(/Brand$/)).toBe("/search?q=&brand=Lampo");
});

test("Safari's Enter that ends a composition does not search", async () => {
  network();
  open("/");
  fireEvent.click(field());
  fireEvent.change(field(), { target: { value: "暖" } });
  const prevented = !fireEvent.keyDown(field(), { key: "Enter", keyCode: 229 });
  expect(prevented).toBe(true);
});

test("the field is made for phones: a search key, and nobody's capitals or spelling", () => {
  network();
  open("/");
  const attributes = Object.fromEntries(["enterkeyhint", "autocapitalize", "autocorrect", "spellcheck", "autocomplete"].map((name) => [name, field().getAttribute(name)]));
  expect(attributes).toEqual({ enterkeyhint: "search", autocapitalize: "off", autocorrect: "off", spellcheck: "false", autocomplete: "off" });
  expect(screen.getByRole("search").getAttribute("action")).toBe("/search");
  expect(within(screen.getByRole("search")).getByRole("button", { name: "Search" }).getAttribute("type")).toBe("submit");
});

class Listener {
  static heard: Listener;
  lang = "";
  onresult: (event: unknown) => void = () => undefined;
  onerror: (event: unknown) => void = () => undefined;
  onend = () => undefined;
  start() {
    Listener.heard = this;
  }
  abort() {
    this.onend();
  }
}
afterEach(() => Reflect.deleteProperty(window, "webkitSpeechRecognition"));

test("no voice button where the browser cannot listen", () => {
  network();
  open("/");
  expect(screen.queryByRole("button", { name: "Search by voice" })).toBeNull();
});

test("what is said is shown while it is heard, and searched for at its end", async () => {
  vi.stubGlobal("webkitSpeechRecognition", Listener);
  network();
  const { user } = open("/");
  await user.click(await screen.findByRole("button", { name: "Search by voice" }));
  expect(Listener.heard.lang).toBe("en-US");
  const say = (transcript: string, isFinal: boolean) => act(() => Listener.heard.onresult({ results: [Object.assign([{ transcript }], { isFinal })] }));
  say("warm", false);
  expect((field() as HTMLInputElement).value).toBe("warm");
  expect(screen.getByRole("button", { name: "Stop listening" }).getAttribute("aria-pressed")).toBe("true");
  say("warm socks", true);
  expect(await screen.findByRole("heading", { level: 1, name: "Results for “warm socks”" })).toBeTruthy();
});

test("a blocked microphone is said", async () => {
  vi.stubGlobal("webkitSpeechRecognition", Listener);
  network();
  const { user } = open("/");
  await user.click(await screen.findByRole("button", { name: "Search by voice" }));
  act(() => Listener.heard.onerror({ error: "not-allowed" }));
  expect(await screen.findByText(/The microphone is blocked/)).toBeTruthy();
});
