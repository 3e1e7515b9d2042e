// The only file that talks to the network.
import { KEPT_HEADER } from "../names";
import { heard } from "./connection";
import type { Problem } from "./types";

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly problems: Problem[],
  ) {
    super(problems[0]?.message ?? `The store answered with ${status}.`);
  }
}

/** No answer at all: the network or the server is away. */
export class Offline extends Error {}

const csrfToken = () => /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";

async function send<T>(path: string, init: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, { credentials: "same-origin", ...init });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    heard(false);
    throw new Offline("offline");
  }
  heard(response.headers.get(KEPT_HEADER) !== "offline");
  const isJson = response.headers.get("content-type")?.includes("json");
  const body: unknown = isJson ? await response.json() : null;
  if (!response.ok) throw new ApiError(response.status, (body as { errors?: Problem[] } | null)?.errors ?? []);
  return body as T;
}

/** A file. Raises Offline where there is no answer, ApiError for any other than a 200. */
export async function getBytes(path: string): Promise<ArrayBuffer> {
  const response = await fetch(path).catch(() => {
    throw new Offline("offline");
  });
  if (!response.ok) throw new ApiError(response.status, []);
  return response.arrayBuffer();
}

export const get = <T>(path: string, signal?: AbortSignal) => send<T>(path, signal ? { signal } : {});

export const write = <T>(method: "POST" | "PATCH" | "DELETE", path: string, body?: unknown, headers: Record<string, string> = {}) =>
  send<T>(path, {
    method,
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken(), ...headers },
    body: body === undefined ? null : JSON.stringify(body),
    keepalive: true, // what was tapped is done, also when the page is left at once
  });

/** Whether the store answers now. */
export async function ping(): Promise<boolean> {
  const answered = await fetch("/healthz", { cache: "no-store" }).then((response) => response.ok, () => false);
  heard(answered);
  return answered;
}
