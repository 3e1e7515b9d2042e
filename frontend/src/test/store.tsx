// The whole app on a network that a test makes up: only `fetch` is replaced.
import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { BrowserRouter } from "react-router";
import { vi } from "vitest";
import { App } from "../App";
import { PREFIXES } from "../i18n/language";
import type { Language } from "../i18n/language";
import { cart, results, suggestions } from "./fixtures";

export interface Request {
  method: string;
  path: string;
  params: URLSearchParams;
  body: unknown;
  signal: AbortSignal | null;
  key: string | null;
}
type Answer = unknown | ((request: Request) => unknown);

/** What a route gives instead of a 200. */
export class Failure {
  constructor(
    readonly status: number,
    readonly body: unknown = { errors: [] },
  ) {}
}
export const noNetwork = () => {
  throw new TypeError("Failed to fetch");
};

const USUAL: Record<string, Answer> = {
  "GET /api/cart/": cart(),
  "GET /api/categories/": [],
  "GET /api/home/": { departments: [], popular: [], deals: [], new: [] },
  "GET /api/search/": results(),
  "GET /api/suggestions/": suggestions(),
  "GET /api/orders/": [],
  "GET /api/account/": { is_authenticated: false, email: "", name: "" },
  "POST /api/events/": { accepted: 0 },
};

/** Answers by "METHOD /path/"; gives the list of requests, which grows. */
export function network(answers: Record<string, Answer> = {}): Request[] {
  const requests: Request[] = [];
  const all = { ...USUAL, ...answers };
  vi.stubGlobal("fetch", async (address: string, init: RequestInit = {}) => {
    const url = new URL(address, location.href);
    const request = {
      method: init.method ?? "GET",
      path: url.pathname,
      params: url.searchParams,
      body: typeof init.body === "string" ? (JSON.parse(init.body) as unknown) : null,
      signal: init.signal ?? null,
      key: new Headers(init.headers).get("Idempotency-Key"),
    };
    requests.push(request);
    const answer = all[`${request.method} ${request.path}`] ?? new Failure(404);
    const given: unknown = typeof answer === "function" ? await (answer as (request: Request) => unknown)(request) : answer;
    const failure = given instanceof Failure ? given : null;
    return new Response(JSON.stringify(failure ? failure.body : given), {
      status: failure?.status ?? 200,
      headers: { "Content-Type": "application/json" },
    });
  });
  return requests;
}

/** Opens the store at an address (without a language's prefix), in English unless `language` says otherwise. */
export function open(address: string, language: Language = "en") {
  history.replaceState(null, "", PREFIXES[language] + address);
  const view = render(
    <BrowserRouter basename={PREFIXES[language]}>
      <App language={language} />
    </BrowserRouter>,
  );
  return { ...view, user: userEvent.setup({ delay: null }) };
}
