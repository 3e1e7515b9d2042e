declare global {
  interface Window {
    /** What happened before the app ran; undefined once it has taken over. */
    early?: Early[] | undefined;
  }
}
/** `control` is what was tapped in the page's middle; links and the search form work without the app. */
export interface Early {
  event: Event;
  control: HTMLElement | null;
}

/** Written into the page by the build (vite/storefront.ts), so it uses nothing from outside: brings the app's files once
 * the browser has painted the page with its first picture. What is seen comes before what makes it work, and neither
 * waits for the other's bytes; who touches the page, or waits for a slow picture, gets the app at once. */
export function bringApp(): void {
  const atLatestMs = 500; // a page in the background is never painted
  const files = document.getElementById("app-files") as HTMLTemplateElement;
  const picture = document.querySelector<HTMLImageElement>("main img[fetchpriority=high]");
  let isPainted = false;
  const bring = () => document.head.append(files.content); // empty after the first time
  setTimeout(bring, atLatestMs);
  const look = () => {
    if (isPainted && (!picture || picture.complete)) requestAnimationFrame(() => setTimeout(bring)); // where the picture came last
  };
  for (const event of ["load", "error"]) picture?.addEventListener(event, look);
  new PerformanceObserver(() => {
    isPainted = true;
    look();
  }).observe({ type: "paint", buffered: true });
  window.early = [];
  for (const type of ["click", "change", "beforeinstallprompt"]) {
    addEventListener(
      type,
      (event) => {
        if (window.early && type === "beforeinstallprompt") event.preventDefault();
        const control = event.target instanceof Element ? event.target.closest<HTMLElement>("main button, main label") : null;
        window.early?.push({ event, control }); // for takeOver.ts and pwa/install.ts
      },
      { capture: true },
    );
  }
  for (const event of ["pointerdown", "keydown"]) addEventListener(event, bring, { once: true, capture: true, passive: true });
}
