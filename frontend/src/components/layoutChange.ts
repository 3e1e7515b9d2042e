import { useLayoutEffect, useRef } from "react";
import type { Layout } from "../api/types";

const TOP_PX = 8; // between the header and a tile that was partly under it
const MOST_NAMED = 16; // pictures that fly to their new places; more cost frames

const stillWanted = () => !matchMedia("(prefers-reduced-motion: reduce)").matches;
const headerBottom = () => document.querySelector("header")?.getBoundingClientRect().bottom ?? 0;
const tiles = () => [...document.querySelectorAll<HTMLElement>("[data-product]")];

/** The first product of which at least half shows below the header, and where it stands. */
function firstVisible(): { id: string; top: number } | null {
  const edge = headerBottom();
  for (const tile of tiles()) {
    const { top, bottom } = tile.getBoundingClientRect();
    if ((top + bottom) / 2 > edge && top < innerHeight) return { id: tile.dataset["product"] ?? "", top: Math.max(top, edge + TOP_PX) };
  }
  return null;
}

/** Names the pictures on the screen, by product, so that the browser moves each to where it is in the other layout. */
function namePictures() {
  const shown = tiles().filter((tile) => {
    const { top, bottom } = tile.getBoundingClientRect();
    return bottom > 0 && top < innerHeight;
  });
  for (const tile of shown.slice(0, MOST_NAMED)) {
    const picture = tile.querySelector<HTMLElement>("[data-tile-picture]");
    if (picture) picture.style.viewTransitionName = `product-${tile.dataset["product"]}`;
  }
}

function forgetNames() {
  for (const picture of document.querySelectorAll<HTMLElement>("[data-tile-picture]")) picture.style.viewTransitionName = "";
}

/**
 * Gives a function that runs a change of the layout: animated where the browser can and the shopper likes motion, and with
 * the first visible product in the same place on the screen after it.
 */
export function useLayoutChange(layout: Layout) {
  const changed = useRef<(() => void) | null>(null);
  useLayoutEffect(() => {
    changed.current?.();
    changed.current = null;
  }, [layout]);
  return (change: () => void) => {
    const first = window.scrollY > 0 ? firstVisible() : null;
    const keepPlace = () => {
      const tile = first && document.querySelector(`[data-product="${first.id}"]`);
      if (!tile) return;
      // The browser would hold on to something else, and move the page once more in the next frame.
      const { style } = document.documentElement;
      style.overflowAnchor = "none";
      window.scrollBy({ top: tile.getBoundingClientRect().top - first.top, behavior: "instant" });
      requestAnimationFrame(() => requestAnimationFrame(() => (style.overflowAnchor = "")));
    };
    if (!document.startViewTransition || !stillWanted()) {
      changed.current = keepPlace;
      change();
      return;
    }
    namePictures();
    const transition = document.startViewTransition(
      () =>
        new Promise<void>((done) => {
          changed.current = () => {
            keepPlace();
            forgetNames();
            namePictures();
            done();
          };
          change();
        }),
    );
    void transition.finished.then(forgetNames, forgetNames);
  };
}
