import { useEffect, useState } from "react";
import { useSuggestions } from "../api/queries";
import { useSuggestedRows } from "../pack/useSuggestedRows";
import { begins, emptyRows, typedRows } from "./suggestionRows";

export const DEBOUNCE_MS = 120;

interface Asking {
  text: string;
  recent: string[];
  /** Half a Chinese word is letters that mean nothing: they are not sent. */
  composing: boolean;
  open: boolean;
}

/** The rows for what stands in the field; the phone is asked at once, the store when the typing pauses. */
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
  const answer = asked === typed && !isPlaceholderData ? data?.suggestions : undefined;
  const names = known().filter((one) => one.kind !== "product" && begins(one.text, typed));
  const found = useSuggestedRows({ typed: composing ? asked : typed, open, answer, names });
  if (!typed) return emptyRows(recent, isPlaceholderData ? [] : last);
  return typedRows(typed, { recent, answer: found, last, known: known() });
}
