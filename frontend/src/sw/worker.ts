// The service worker: the store opens without a network, and what was seen before is shown again.
// It only ever answers what is read: never another method, never the admin, never what is one shopper's own.
import { answer, isKeptAnswer, OFFLINE_ANSWERS } from "./answers";
import { SEARCH_PACK } from "../names";
import { isPicture, picture, PICTURES } from "./pictures";
import { isPage, isShellFile, page, precache, SHELL, shellFile } from "./shell";

declare const self: ServiceWorkerGlobalScope;

self.addEventListener("install", (event) => event.waitUntil(precache()));

self.addEventListener("activate", (event) => {
  const clean = async () => {
    const old = (await caches.keys()).filter((name) => ![SHELL, OFFLINE_ANSWERS, PICTURES, SEARCH_PACK].includes(name));
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.registration.navigationPreload?.enable();
    await self.clients.claim();
  };
  event.waitUntil(clean());
});

self.addEventListener("message", (event) => {
  const { type } = event.data as { type?: string };
  if (type === "skip-waiting") void self.skipWaiting();
  if (type === "entry") event.ports[0]?.postMessage(__ENTRY__);
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (isPage(url)) event.respondWith(page(event));
  } else if (isShellFile(url)) event.respondWith(shellFile(request));
  else if (isKeptAnswer(url)) event.respondWith(answer(event));
  else if (isPicture(url)) event.respondWith(picture(event));
});
