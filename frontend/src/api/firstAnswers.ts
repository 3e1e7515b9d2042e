// Django puts the answers that a page needs first into its HTML, each with the address that it would have had.

interface FirstAnswers {
  page: string;
  answers: { path: string; body: unknown }[];
}

const SHOWN = "pages"; // in localStorage: the pages that this browser has shown
const MOST_SHOWN = 100;

const key = (path: string) => {
  const url = new URL(path, "http://store");
  url.searchParams.sort();
  return url.pathname + url.search;
};

function read(): FirstAnswers {
  const text = typeof document === "undefined" ? null : document.getElementById("first-answers")?.textContent;
  return text ? (JSON.parse(text) as FirstAnswers) : { page: "", answers: [] };
}

/** Whether this very page was shown before: a browser's or a worker's copy, whose search was logged for that time. */
function wasShown(page: string): boolean {
  try {
    const shown = JSON.parse(localStorage.getItem(SHOWN) ?? "[]") as string[];
    if (shown.includes(page)) return true;
    localStorage.setItem(SHOWN, JSON.stringify([page, ...shown].slice(0, MOST_SHOWN)));
  } catch {
    // No storage: then a copy cannot be told from a page, and copies are rare.
  }
  return false;
}

const first = read();
const answers = new Map(first.answers.map(({ path, body }) => [key(path), body]));
const isCopy = first.page !== "" && wasShown(first.page);

function take(path: string): unknown {
  const found = answers.get(key(path));
  answers.delete(key(path)); // what is asked for later is asked of the store
  return found;
}

/** Options of a query whose first answer may have come with the page. A copy's answers are shown, and asked for again. */
export const initially = <T>(path: string, shape: (body: unknown) => T = (body) => body as T) => ({
  initialData: (): T | undefined => {
    const body = take(path);
    return body === undefined ? undefined : shape(body);
  },
  ...(isCopy ? { initialDataUpdatedAt: 0 } : {}),
});
