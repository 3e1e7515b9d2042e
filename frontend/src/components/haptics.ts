// A short buzz under the finger for what was done, on devices that can, and for nobody who asked for less motion.
const TAP_MS = 10;

export function buzz() {
  if (window.matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  navigator.vibrate?.(TAP_MS);
}
