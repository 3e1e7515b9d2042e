import { expect, test } from "vitest";
import { targetOf } from "./links";

test("paths and the store's own addresses are ours", () => {
  expect(targetOf("/category/mugs?sort=newest#top")).toEqual({ href: "/category/mugs?sort=newest#top", isOurs: true });
  expect(targetOf(`${location.origin}/search?q=mug`)).toEqual({ href: "/search?q=mug", isOurs: true });
});

test("https addresses are another's", () => {
  expect(targetOf("https://example.com/a")).toEqual({ href: "https://example.com/a", isOurs: false });
});

test.each(["//evil.example", "/\\evil.example", "http://example.com", "javascript:alert(1)", "data:text/html,x", "https://["])("%s is not followed", (link) => {
  expect(targetOf(link)).toBeNull();
});
