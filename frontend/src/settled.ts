import { useEffect, useState } from "react";

const AT_LATEST_MS = 6000;
const USES = ["pointerdown", "keydown", "scroll"] as const;

/** True once the page is being used, or has stood for a while: then comes what nobody needs to see the page. Before
 * that, every byte would be taken from the first picture. */
export function useSettled(): boolean {
  const [settled, setSettled] = useState(false);
  useEffect(() => {
    const settle = () => setSettled(true);
    const timer = setTimeout(settle, AT_LATEST_MS);
    for (const use of USES) addEventListener(use, settle, { once: true, passive: true, capture: true });
    return () => {
      clearTimeout(timer);
      for (const use of USES) removeEventListener(use, settle, { capture: true });
    };
  }, []);
  return settled;
}
