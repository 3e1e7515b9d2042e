// Asks the phone itself. The worker starts with the first question, or when it is woken, which loads the pack.
import type { ProductCard } from "../api/types";
import type { Language } from "../i18n/language";

export interface Question {
  number: number;
  text: string;
  language: Language;
  most: number;
}
export interface Answer {
  number: number;
  products: ProductCard[] | null;
}

let worker: Worker | null = null;
let asked = 0;
const waiting = new Map<number, (products: ProductCard[] | null) => void>();

/** Starts the worker, unless the browser has none or its owner saves data. */
export function wakePhone(): Worker | null {
  if (worker || typeof Worker === "undefined" || savesData()) return worker;
  worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  worker.addEventListener("message", ({ data }: MessageEvent<Answer>) => {
    waiting.get(data.number)?.(data.products);
    waiting.delete(data.number);
  });
  // Without a network its code may be missing; the next question tries again.
  worker.addEventListener("error", () => {
    worker = null;
    for (const answer of waiting.values()) answer(null);
    waiting.clear();
  });
  return worker;
}

/** The phone's own products for a text, best first; null where it has no pack. */
export function askPhone(text: string, language: Language, most: number): Promise<ProductCard[] | null> {
  const phone = wakePhone();
  if (!phone) return Promise.resolve(null);
  const number = ++asked;
  return new Promise((resolve) => {
    waiting.set(number, resolve);
    phone.postMessage({ number, text, language, most } satisfies Question);
  });
}

const savesData = () => (navigator as { connection?: { saveData?: boolean } }).connection?.saveData === true;
