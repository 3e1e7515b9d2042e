import { useEffect, useState } from "react";
import { useSuggestions } from "../api/queries";
import { emptyRows, typedRows } from "./suggestionRows";

export const DEBOUNCE_MS = 120;

interface Asking {
  text: string;
  recent: string[];
  /** Half a Chinese word is letters that mean nothing: they are not sent. */
  composing: boolean;
  open: boolean;
}

/** The rows for what stands in the field; the store is asked when the typing pauses. */
export function useSuggestionRows({ text, recent, composing, open }: Asking) {
  const typed = text.trim();
  const [asked, setAsked] = useState(typed);
  if (typed === "" && asked !== "") setAsked(""); // at once: popular searches are here already
  useEffect(() => {
    if (composing) return undefined;
    const timer = setTimeout(() => setAsked(typed), DEBOUNCE_MS);
    return () => clearTimeout(timer);
  }, [typed, composing]);
  const { data, isPlaceholderData, known } = useSuggestions(asked, open);
  const last = data?.suggestions ?? [];
  if (!typed) return emptyRows(recent, isPlaceholderData ? [] : last);
  return typedRows(typed, { recent, answer: asked === typed && !isPlaceholderData ? data?.suggestions : undefined, last, known: known() });
}
