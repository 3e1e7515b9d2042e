// The products that a shopper compares: kept in this browser, the same in all of its tabs.
import { useSyncExternalStore } from "react";
import { comparedProducts, rememberCompared } from "./storage";

export const MAX_COMPARED = 4;

const CHANGED = "compared";
let last: number[] = [];

/** The same array as long as it has the same ids, as React asks of a snapshot. */
function compared(): number[] {
  const now = comparedProducts();
  if (now.join() !== last.join()) last = now;
  return last;
}

function subscribe(listener: () => void) {
  window.addEventListener(CHANGED, listener);
  window.addEventListener("storage", listener);
  return () => {
    window.removeEventListener(CHANGED, listener);
    window.removeEventListener("storage", listener);
  };
}

const nothing: number[] = [];
export const useCompared = () => useSyncExternalStore(subscribe, compared, () => nothing); // nothing where the shell is rendered

export function setCompared(ids: number[]) {
  rememberCompared(ids);
  window.dispatchEvent(new Event(CHANGED));
}

/** Takes the product in, or out again; false if there is no room for it. */
export function toggleCompared(id: number): boolean {
  const ids = compared();
  if (ids.includes(id)) setCompared(ids.filter((other) => other !== id));
  else if (ids.length < MAX_COMPARED) setCompared([...ids, id]);
  else return false;
  return true;
}

/** The page that compares these products. */
export const comparePath = (ids: number[]) => `/compare?ids=${ids.join()}`;
