// What the store uses of the browser's speech recognition, which TypeScript's DOM does not describe.
export interface Recognition {
  lang: string;
  interimResults: boolean;
  onresult: ((event: { results: ArrayLike<ArrayLike<{ transcript: string }> & { isFinal: boolean }> }) => void) | null;
  onerror: ((event: { error: string }) => void) | null;
  onend: (() => void) | null;
  start: () => void;
  abort: () => void;
}

type WithSpeech = Partial<Record<"SpeechRecognition" | "webkitSpeechRecognition", new () => Recognition>>;

/** Null where the browser cannot listen; Chrome and Safari know it by its old name. */
export function recognition(): (new () => Recognition) | null {
  // The shell is rendered at build, where there is no window.
  const { SpeechRecognition, webkitSpeechRecognition } = globalThis as unknown as WithSpeech;
  return SpeechRecognition ?? webkitSpeechRecognition ?? null;
}
