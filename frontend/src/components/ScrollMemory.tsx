import { useLayoutEffect, useRef } from "react";
import { useLocation, useNavigationType } from "react-router";
import type { Location } from "react-router";

const GIVE_UP_MS = 2500;

/** The first entry of every visit has the same key, so the address belongs to it. */
const placeOf = ({ key, pathname }: Location) => `scroll:${key} ${pathname}`;

/** Whether the browser opened the page anew, neither Back nor Reload: then it begins at the top. */
const isOpenedAnew = () => (performance.getEntriesByType("navigation")[0] as PerformanceNavigationTiming | undefined)?.type === "navigate";

/** Back and Forward return to the exact place, once the page is tall enough again; a new page begins at the top. */
export function ScrollMemory() {
  const location = useLocation();
  const type = useNavigationType();
  const layer = (location.state as { layer?: string } | null)?.layer;
  const place = placeOf(location);
  const path = useRef(location.pathname);
  const first = useRef(true);
  // A layout effect, so that it stops listening before the one below moves the page for the next entry.
  useLayoutEffect(() => {
    history.scrollRestoration = "manual";
    let waiting = 0;
    const save = () => {
      cancelAnimationFrame(waiting);
      waiting = requestAnimationFrame(() => sessionStorage.setItem(place, String(window.scrollY)));
    };
    if (type === "REPLACE") save(); // the entry got a new key where the page stands
    window.addEventListener("scroll", save, { passive: true });
    return () => {
      cancelAnimationFrame(waiting);
      window.removeEventListener("scroll", save);
    };
  }, [place, type]);
  useLayoutEffect(() => {
    const samePage = path.current === location.pathname;
    path.current = location.pathname;
    if (layer || (type === "REPLACE" && samePage)) return; // a sheet over the page, or a filter changed in place
    const isFirst = first.current;
    first.current = false;
    const returns = type === "POP" && !(isFirst && isOpenedAnew());
    const wanted = returns ? Number(sessionStorage.getItem(place) ?? 0) : 0;
    if (isFirst && wanted === 0) return; // where the page stands, or where a finger has moved it before the app ran
    const until = performance.now() + GIVE_UP_MS;
    let frame = 0;
    const go = () => {
      window.scrollTo(0, wanted);
      const there = Math.abs(window.scrollY - wanted) < 2;
      if (!there && performance.now() < until) frame = requestAnimationFrame(go);
    };
    go();
    const stop = () => cancelAnimationFrame(frame);
    window.addEventListener("wheel", stop, { once: true, passive: true });
    window.addEventListener("touchstart", stop, { once: true, passive: true });
    return () => {
      stop();
      window.removeEventListener("wheel", stop);
      window.removeEventListener("touchstart", stop);
    };
  }, [place, location.pathname, layer, type]);
  return null;
}
