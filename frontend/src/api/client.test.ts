import { beforeEach, expect, test, vi } from "vitest";
import { ApiError, get, Offline, write } from "./client";

const answer = (body: string, init: ResponseInit) => vi.stubGlobal("fetch", vi.fn(async () => new Response(body, init)));
const json = { "Content-Type": "application/json" };

beforeEach(() => {
  document.cookie = "csrftoken=abc";
});

test("a refusal carries its status, fields and reasons", async () => {
  const problems = [{ field: "email", code: "invalid", message: "Enter a valid e-mail address." }];
  answer(JSON.stringify({ errors: problems }), { status: 400, headers: json });
  const failure = await get("/api/orders/").catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ApiError);
  expect(failure).toMatchObject({ status: 400, problems, message: "Enter a valid e-mail address." });
});

test("an error page that is not JSON is still an answer with a status", async () => {
  answer("<h1>Bad gateway</h1>", { status: 502, headers: { "Content-Type": "text/html" } });
  await expect(get("/api/orders/")).rejects.toMatchObject({ status: 502, problems: [], message: "The store answered with 502." });
});

test("no answer at all is being offline", async () => {
  vi.stubGlobal("fetch", async () => {
    throw new TypeError("Failed to fetch");
  });
  await expect(get("/api/orders/")).rejects.toBeInstanceOf(Offline);
});

test("a cancelled request is not being offline", async () => {
  vi.stubGlobal("fetch", async () => {
    throw new DOMException("aborted", "AbortError");
  });
  await expect(get("/api/orders/")).rejects.toMatchObject({ name: "AbortError" });
});

test("a write carries the CSRF token", async () => {
  answer("{}", { status: 200, headers: json });
  await write("POST", "/api/cart/items/", { product_id: 1 });
  expect(vi.mocked(fetch).mock.calls[0]?.[1]).toMatchObject({
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": "abc" },
    body: '{"product_id":1}',
  });
});
