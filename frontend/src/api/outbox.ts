// What still has to reach the store, in the order in which it was done. It is written down before it is sent and
// struck out once the store has answered, so neither a dead network nor a closed tab loses it; what may be sent
// twice that way carries a key of its own, by which the store does it once.

export interface Entry<T> {
  key: string;
  value: T;
}

const inMemory = new Map<string, string>(); // where storage is forbidden: for as long as the page lives
let lastTime = 0;
const turns = new Map<string, Promise<unknown>>();

export function append<T>(kind: string, value: T): string {
  lastTime = Math.max(Date.now(), lastTime + 1);
  const key = `out:${kind}:${String(lastTime).padStart(15, "0")}:${Math.random().toString(36).slice(2)}`; // two tabs may share a millisecond
  put(key, value);
  return key;
}

export function put<T>(key: string, value: T) {
  const text = JSON.stringify(value);
  try {
    localStorage.setItem(key, text);
  } catch {
    inMemory.set(key, text);
  }
}

export function entries<T>(kind: string): Entry<T>[] {
  const prefix = `out:${kind}:`;
  const keys = [...storedKeys(), ...inMemory.keys()].filter((key) => key.startsWith(prefix)).sort();
  return keys.flatMap((key) => {
    const text = inMemory.get(key) ?? localStorage.getItem(key);
    return text === null ? [] : [{ key, value: JSON.parse(text) as T }];
  });
}

export function drop(key: string) {
  inMemory.delete(key);
  try {
    localStorage.removeItem(key);
  } catch {
    // then it was never in there
  }
}

function storedKeys(): string[] {
  try {
    return Object.keys(localStorage);
  } catch {
    return [];
  }
}

/** One job after another, in this tab. */
export function inTurn<T>(kind: string, job: () => Promise<T>): Promise<T> {
  const turn = (turns.get(kind) ?? Promise.resolve()).then(job, job);
  turns.set(kind, turn.catch(() => undefined));
  return turn;
}

/** Sends one after the other; stops with what `send` throws, and that entry is the first one next time. */
export function sendInOrder<T>(kind: string, send: (value: T, key: string) => Promise<void>): Promise<void> {
  const run = async () => {
    for (let [next] = entries<T>(kind); next; [next] = entries<T>(kind)) {
      await send(next.value, next.key);
      drop(next.key);
    }
  };
  // Where the browser has locks, one tab at a time; elsewhere two tabs may send the same, which the store does once.
  return inTurn(kind, async () => ("locks" in navigator ? await navigator.locks.request(`out:${kind}`, run) : await run()));
}
