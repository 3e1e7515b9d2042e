import { useEffect, useState } from "react";

let wasLeft = false;

/** How many of `all` are shown: on the first page `first`, then `step` more whenever the browser has nothing else to do,
 * so that a finger is answered between them. Later pages show all at once, so that Back finds its place. */
export function useGrowing(first: number, step: number, all: number): number {
  const [shown, setShown] = useState(first);
  const isDone = wasLeft || shown >= all;
  useEffect(() => {
    if (isDone) return undefined;
    return whenIdle(() => setShown((before) => (before + step < all ? before + step : Infinity))); // what comes later comes at once
  }, [isDone, shown, step, all]);
  useEffect(
    () => () => {
      wasLeft = true;
    },
    [],
  );
  return isDone ? all : shown;
}

/** Safari has no idle callbacks. */
function whenIdle(run: () => void): () => void {
  if (typeof requestIdleCallback === "undefined") {
    const timer = setTimeout(run, 16);
    return () => clearTimeout(timer);
  }
  const asked = requestIdleCallback(run, { timeout: 200 });
  return () => cancelIdleCallback(asked);
}
