// What became of the cart while nobody looked: said until it was read, over reloads too.
import { useSyncExternalStore } from "react";
import { read, save } from "../storage";
import type { News } from "./cartOverlay";

const KEY = "cart-news";
const MOST = 8;
const listeners = new Set<() => void>();

export function tell(news: News[]) {
  if (news.length > 0) keep([...told(), ...news].slice(-MOST));
}

export const forgetNews = () => keep([]);

export function useNews(): News[] {
  return JSON.parse(useSyncExternalStore(subscribe, text)) as News[];
}

const told = () => read<News[]>(KEY, []);
const text = () => JSON.stringify(told());

function keep(news: News[]) {
  save(KEY, news);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
