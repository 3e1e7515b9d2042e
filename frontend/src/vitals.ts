// How fast this visit was, by the definitions of the Core Web Vitals (https://web.dev/articles/vitals), sent once, when
// the page is hidden for the first time: on phones nothing later is certain. Loaded after the page; the observers ask for
// what happened before. A visit that began in the background tells nothing about loading, so its LCP is left out.

import { get } from "./api/client";

interface LayoutShift extends PerformanceEntry {
  value: number;
  hadRecentInput: boolean;
}

export interface Visit {
  lcp?: number;
  inp?: number;
  cls?: number;
}

const SHIFT_GAP_MS = 1000; // shifts nearer than that are one burst,
const BURST_MS = 5000; // which lasts no longer than this
const SLOW_EVENT_MS = 40; // shorter interactions are counted, not kept
const KEPT = 10; // slowest interactions, enough for the 98th percentile of 500
const ONE_LEFT_OUT = 50; // of so many interactions the slowest may be chance

// The largest sum of a burst of shifts that no input explains.
export function layoutShift(shifts: Pick<LayoutShift, "startTime" | "value" | "hadRecentInput">[]): number {
  let most = 0;
  let sum = 0;
  let first = 0;
  let last = -Infinity;
  for (const { startTime, value, hadRecentInput } of shifts) {
    if (hadRecentInput) continue;
    const goesOn = startTime - last < SHIFT_GAP_MS && startTime - first < BURST_MS;
    sum = goesOn ? sum + value : value;
    if (!goesOn) first = startTime;
    last = startTime;
    most = Math.max(most, sum);
  }
  return most;
}

// Of the slowest interactions, longest first, the one that all but one in fifty are no slower than.
export function interactionDelay(longest: number[], interactions: number): number | undefined {
  return longest[Math.min(longest.length - 1, Math.floor(interactions / ONE_LEFT_OUT))];
}

export function pageType(path: string): string {
  const first = path.split("/").find((part) => part !== "" && part !== "en" && part !== "zh") ?? "home";
  if (first === "checkout") return "cart";
  return ["home", "search", "category", "product", "cart"].includes(first) ? first : "other";
}

export function deviceClass(width: number): string {
  if (width < 600) return "phone";
  return width < 1024 ? "tablet" : "desktop";
}

function observe(type: string, each: (entry: PerformanceEntry) => void, options: object = {}) {
  if (!PerformanceObserver.supportedEntryTypes.includes(type)) return undefined;
  const observer = new PerformanceObserver((list) => list.getEntries().forEach(each));
  observer.observe({ type, buffered: true, ...options });
  return () => observer.takeRecords().forEach(each);
}

// Starts measuring; the function that it returns gives what there is so far.
export function observeVisit(): () => Visit {
  const visit: Visit = {};
  const shifts: LayoutShift[] = [];
  const slowest = new Map<number, number>(); // by interaction
  const ids = new Set<number>();
  const wasHidden = document.visibilityState === "hidden" || performance.getEntriesByType("visibility-state").some(({ name }) => name === "hidden");
  const began = (performance.getEntriesByType("navigation")[0] as { activationStart?: number } | undefined)?.activationStart ?? 0;
  const pending = [
    wasHidden ? undefined : observe("largest-contentful-paint", (entry) => (visit.lcp = Math.max(0, entry.startTime - began))),
    observe("layout-shift", (entry) => shifts.push(entry as LayoutShift)),
    observe(
      "event",
      (entry) => {
        const { interactionId, duration } = entry as PerformanceEventTiming & { interactionId?: number };
        if (!interactionId) return;
        ids.add(interactionId);
        slowest.set(interactionId, Math.max(duration, slowest.get(interactionId) ?? 0));
        if (slowest.size > KEPT) slowest.delete([...slowest].reduce((a, b) => (b[1] < a[1] ? b : a))[0]);
      },
      { durationThreshold: SLOW_EVENT_MS },
    ),
  ];
  return () => {
    pending.forEach((take) => take?.());
    if (pending[1]) visit.cls = layoutShift(shifts);
    const counted = (performance as { interactionCount?: number }).interactionCount ?? ids.size;
    const delay = interactionDelay([...slowest.values()].sort((a, b) => b - a), counted);
    if (delay !== undefined) visit.inp = delay;
    return visit;
  };
}

// One visit in so many, as the store asks for; where that is not to be had, none.
export async function measureVisit() {
  if (typeof PerformanceObserver === "undefined" || !("sendBeacon" in navigator)) return;
  const page = pageType(location.pathname);
  const soFar = observeVisit();
  const asked = await get<{ sample_percent: number }>("/api/metrics/").catch(() => undefined);
  if (!asked || Math.random() * 100 >= asked.sample_percent) return;
  const send = () => {
    if (document.visibilityState !== "hidden") return;
    document.removeEventListener("visibilitychange", send);
    const visit = soFar();
    if (Object.keys(visit).length === 0) return;
    const body = JSON.stringify({ page, device: deviceClass(innerWidth), ...visit });
    navigator.sendBeacon("/api/metrics/", new Blob([body], { type: "application/json" }));
  };
  document.addEventListener("visibilitychange", send);
}
