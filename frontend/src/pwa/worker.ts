// The service worker as the page sees it: registered late, and replaced only when the shopper says so.
const CHECK_MS = 60 * 60_000;

/** Registers the worker; `onWaiting` hears of a newer version of the store that is ready to take over. */
export async function registerWorker(onWaiting: (worker: ServiceWorker) => void) {
  if (!("serviceWorker" in navigator)) return; // plain http, or a browser that has none
  const registration = await navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" });
  const look = () => {
    const { waiting } = registration;
    if (waiting && navigator.serviceWorker.controller) void isNewer(waiting).then((newer) => newer && onWaiting(waiting));
  };
  look();
  registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", look));
  let checkedAt = Date.now();
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible" || Date.now() - checkedAt < CHECK_MS) return;
    checkedAt = Date.now();
    void registration.update().catch(() => undefined);
  });
}

/** Lets the waiting worker take over, and loads its version of the store. */
export function takeOver(waiting: ServiceWorker) {
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  waiting.postMessage({ type: "skip-waiting" });
}

/** Whether the worker brings another version than the page that is open: the network may have given the new one already. */
async function isNewer(waiting: ServiceWorker): Promise<boolean> {
  const here = [...document.querySelectorAll<HTMLScriptElement>("script[type=module][src]")].map((script) => new URL(script.src).pathname);
  const { port1, port2 } = new MessageChannel();
  const entry = await new Promise<string>((resolve) => {
    port1.onmessage = (event: MessageEvent<string>) => resolve(event.data);
    waiting.postMessage({ type: "entry" }, [port2]);
  });
  return !here.includes(entry);
}

/** Once a worker answers this page's requests; at once where it does already. */
export function whenControlled(run: () => void) {
  if (!("serviceWorker" in navigator)) return;
  if (navigator.serviceWorker.controller) run();
  else navigator.serviceWorker.addEventListener("controllerchange", run, { once: true });
}
