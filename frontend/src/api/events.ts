// What the shopper did with the hits, in small batches; each event has its own id, so sending twice counts once.
import { ApiError, write } from "./client";
import { append, drop, entries, sendInOrder } from "./outbox";

interface Event {
  event_id: string;
  action_name: "impression" | "click" | "view" | "add_to_cart";
  query_id: string | null;
  product_id: number;
  position: number | null;
  timestamp: string;
}

const BATCH_MS = 2000;
const BATCH = 100;
const MOST_BATCHES = 50; // of those that wait for a network; the oldest go first
const KIND = "events";
const waiting: Event[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;

/** Writes down what has happened, then sends it: what the network loses is sent when it is back. */
export function flushEvents() {
  clearTimeout(timer);
  timer = undefined;
  if (waiting.length > 0) append(KIND, waiting.splice(0, BATCH));
  for (const { key } of entries(KIND).slice(0, -MOST_BATCHES)) drop(key);
  void sendEvents().catch(() => undefined);
}

const sendEvents = () =>
  sendInOrder<Event[]>(KIND, async (events) => {
    try {
      await write("POST", "/api/events/", { events });
    } catch (error) {
      if (!(error instanceof ApiError) || error.status >= 500) throw error; // else the store does not want it
    }
  });

// crypto.randomUUID needs https, and a phone may open the demo by plain http.
export function uuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

export function logEvent(action: Event["action_name"], productId: number, queryId: string | null = null, position: number | null = null) {
  waiting.push({
    event_id: uuid(),
    action_name: action,
    query_id: queryId,
    product_id: productId,
    position,
    timestamp: new Date().toISOString(),
  });
  timer ??= setTimeout(flushEvents, BATCH_MS);
}

if (typeof document !== "undefined") {
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") flushEvents();
  });
}
