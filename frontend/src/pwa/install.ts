// Whether to offer that the store is kept on the home screen: after a second visit or an order, and never after a no.
import { read, save } from "../storage";

/** Chromium's event; other browsers have no such thing. */
export interface InstallEvent extends Event {
  prompt: () => Promise<unknown>;
  userChoice: Promise<{ outcome: "accepted" | "dismissed" }>;
}

let offered: InstallEvent | null = null;
const listeners = new Set<() => void>();

/** The browser asks at its own time, perhaps before anything else is loaded: the question is kept for the right moment. */
export function catchInstallEvent() {
  const early = window.early?.findLast(({ event }) => event.type === "beforeinstallprompt");
  if (early) change(early.event as InstallEvent);
  window.addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    change(event as InstallEvent);
  });
  window.addEventListener("appinstalled", () => change(null));
}

function change(event: InstallEvent | null) {
  offered = event;
  for (const listener of listeners) listener();
}

export const installEvent = () => offered;
export const forgetInstallEvent = () => change(null);

export function onInstallEvent(listener: () => void) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** A visit lasts as long as its tab. */
export function countVisit() {
  if (sessionStorage.getItem("visit")) return;
  sessionStorage.setItem("visit", "1");
  save("visits", read("visits", 0) + 1);
}

export const rememberOrdered = () => save("ordered", true);
export const declineInstall = () => save("install-declined", true);

export const mayOfferInstall = () => !read("install-declined", false) && !isInstalled() && (read("visits", 0) >= 2 || read("ordered", false));

const isInstalled = () => matchMedia("(display-mode: standalone)").matches || (navigator as { standalone?: boolean }).standalone === true;

/** Safari on a phone can install, but only by hand. An iPad calls itself a Mac with a touch screen. */
export const isIos = () => /iPhone|iPad|iPod/.test(navigator.userAgent) || (/Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1);
