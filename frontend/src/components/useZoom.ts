import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { RefObject } from "react";

export const MOST_ZOOM = 4;
export const TAP_ZOOM = 2.5;

const within = (scale: number) => Math.min(MOST_ZOOM, Math.max(1, scale));
const apart = ([a, b]: TouchList | Touch[]) => (a && b ? Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY) : 1);

/**
 * How large a picture stands in a frame that scrolls, from 1 to MOST_ZOOM: pinched with two fingers or on a trackpad, or
 * set by `zoom`. The point under the fingers stays where it is; moving about is the frame's own scrolling.
 */
export function useZoom(frame: RefObject<HTMLElement | null>) {
  const [scale, setScale] = useState(1);
  const kept = useRef(1); // what listeners see between two renderings
  const place = useRef<{ left: number; top: number } | null>(null); // to scroll to, once it is as large
  const [zoom] = useState(() => (next: number, x?: number, y?: number) => {
    const element = frame.current;
    const [from, to] = [kept.current, within(next)];
    kept.current = to;
    setScale(to);
    if (!element || from === to) return;
    const box = element.getBoundingClientRect();
    const [left, top] = [(x ?? box.left + box.width / 2) - box.left, (y ?? box.top + box.height / 2) - box.top];
    const grown = to / from;
    const wanted = { left: (element.scrollLeft + left) * grown - left, top: (element.scrollTop + top) * grown - top };
    place.current = wanted;
  });
  useLayoutEffect(() => {
    if (place.current) frame.current?.scrollTo({ ...place.current, behavior: "instant" });
    place.current = null;
  }, [frame, scale]);
  useEffect(() => {
    const element = frame.current;
    if (!element) return undefined;
    let pinch: { distance: number; scale: number } | null = null;
    const start = ({ touches }: TouchEvent) => {
      pinch = touches.length === 2 ? { distance: apart(touches), scale: kept.current } : null;
    };
    const move = (event: TouchEvent) => {
      const [a, b] = event.touches;
      if (!pinch || !a || !b) return;
      event.preventDefault(); // not the browser's own zoom, which would take the buttons along
      zoom((pinch.scale * apart([a, b])) / pinch.distance, (a.clientX + b.clientX) / 2, (a.clientY + b.clientY) / 2);
    };
    const wheel = (event: WheelEvent) => {
      if (!event.ctrlKey) return; // a trackpad's pinch
      event.preventDefault();
      zoom(kept.current * Math.exp(-event.deltaY / 100), event.clientX, event.clientY);
    };
    element.addEventListener("touchstart", start, { passive: true });
    element.addEventListener("touchmove", move, { passive: false });
    element.addEventListener("wheel", wheel, { passive: false });
    return () => {
      element.removeEventListener("touchstart", start);
      element.removeEventListener("touchmove", move);
      element.removeEventListener("wheel", wheel);
    };
  }, [frame, zoom]);
  return { scale, zoom };
}
