import { useSyncExternalStore } from "react";

const WIDE = "(min-width: 1000px)"; // as in SearchPage.module.css

const listen = (tell: () => void) => {
  const query = window.matchMedia(WIDE);
  query.addEventListener("change", tell);
  return () => query.removeEventListener("change", tell);
};

/** Whether there is room for filters beside the results; a phone need not make what it does not show. */
export const useWide = () => useSyncExternalStore(listen, () => window.matchMedia(WIDE).matches, () => false);
