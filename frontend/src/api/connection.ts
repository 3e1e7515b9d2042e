// Whether the store can be reached: what requests have met lately counts for more than what the browser believes.
import { useSyncExternalStore } from "react";

let online = typeof navigator === "undefined" || navigator.onLine !== false; // the build renders without a browser
const listeners = new Set<() => void>();

export const isOnline = () => online;

export function heard(fromStore: boolean) {
  if (online === fromStore) return;
  online = fromStore;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

export const useOnline = () => useSyncExternalStore(subscribe, isOnline, () => true);

if (typeof window !== "undefined") window.addEventListener("offline", () => heard(false)); // "online" is only a rumour: see pwa/reconnect.ts
