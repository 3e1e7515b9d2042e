// Which rows stand under the search field, at every moment: also before the store has answered, and if it does not.
import type { Suggestion } from "../api/types";

export type Row = Suggestion & { recent: boolean };

const MOST_ROWS = 8;
const MOST_RECENT = 5; // of an empty field, so that popular ones have room
const MOST_RECENT_TYPED = 2;

export const keyOf = (row: Row) => `${row.kind}-${row.text}-${row.product?.id ?? row.slug ?? ""}`;

const isChinese = (text: string) => /\p{Script=Han}/u.test(text);
const unlike = (texts: string[]) => (one: Suggestion) => one.kind !== "query" || !texts.includes(one.text);
const asRow = (one: Suggestion): Row => ({ ...one, recent: false });
const asRecent = (text: string): Row => ({ kind: "query", text, recent: true });

/** At most as many rows as a phone shows, each once: answers to several texts may say the same. */
const shown = (rows: Row[]) => [...new Map(rows.map((row) => [keyOf(row), row])).values()].slice(0, MOST_ROWS);

/** Whether the text, or a word of it, begins like that; Chinese has no spaces, so anywhere will do. */
export function begins(text: string, typed: string): boolean {
  const [whole, start] = [text.toLowerCase(), typed.toLowerCase()];
  return whole.startsWith(start) || whole.includes(` ${start}`) || (isChinese(start) && whole.includes(start));
}

/** Under an empty field: what this browser searched for, then what is popular. */
export function emptyRows(recent: string[], popular: Suggestion[]): Row[] {
  const own = recent.slice(0, MOST_RECENT);
  return shown([...own.map(asRecent), ...popular.filter(unlike(recent)).map(asRow)]);
}

interface Answers {
  recent: string[];
  /** The store's answer to what is typed; undefined before it has come. */
  answer: Suggestion[] | undefined;
  /** The answer to what was typed before. */
  last: Suggestion[];
  /** Everything that was suggested so far. */
  known: Suggestion[];
}

/** While typing: own searches, then the answer; until it is there what is known to fit, and the last rows rather than none. */
export function typedRows(typed: string, { recent, answer, last, known }: Answers): Row[] {
  const own = recent.filter((text) => begins(text, typed)).slice(0, MOST_RECENT_TYPED);
  const fitting = known.filter((one) => begins(one.text, typed));
  const others = answer ?? (own.length + fitting.length > 0 ? fitting : last);
  return shown([...own.map(asRecent), ...others.filter(unlike(own)).map(asRow)]);
}
