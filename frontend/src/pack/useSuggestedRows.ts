import { useEffect, useLayoutEffect, useState } from "react";
import type { ProductCard, Suggestion } from "../api/types";
import { useLanguage } from "../i18n/language";
import { askPhone, wakePhone } from "./phone";
import { early, settled } from "./rows";

const MOST_ROWS = 8;

interface Asking {
  typed: string;
  open: boolean;
  /** The store's rows for what is typed now; undefined until they are here. */
  answer: Suggestion[] | undefined;
  /** Names that were suggested before and fit. */
  names: Suggestion[];
}
interface Shown {
  text: string;
  answer: Suggestion[] | undefined; // the store's that the rows are of
  rows: Suggestion[];
}

/** The phone's rows at once, the store's when they come, in their places, but not while a finger is on one; undefined before either. */
export function useSuggestedRows({ typed, open, answer, names }: Asking): Suggestion[] | undefined {
  const phone = usePhone(typed, open);
  const touching = useTouching(open);
  const [shown, setShown] = useState<Shown>({ text: "", answer: undefined, rows: [] });
  const isNew = shown.text !== typed;
  if (answer && !touching && (isNew || shown.answer !== answer)) {
    setShown({ text: typed, answer, rows: isNew ? answer : settled(shown.rows, answer) });
  } else if (!answer && isNew && phone?.text === typed) {
    const rows = early(names, phone.products, MOST_ROWS);
    if (rows.length) setShown({ text: typed, answer: undefined, rows });
  }
  return isNew ? undefined : shown.rows;
}

function usePhone(typed: string, open: boolean) {
  const { language } = useLanguage();
  const [phone, setPhone] = useState<{ text: string; products: ProductCard[] } | null>(null);
  useEffect(() => {
    if (open) wakePhone();
  }, [open]);
  // Before the key itself is painted: the phone looks meanwhile.
  useLayoutEffect(() => {
    if (!open || !typed) return undefined;
    let isAsked = true;
    void askPhone(typed, language, MOST_ROWS).then((products) => {
      if (isAsked && products) setPhone({ text: typed, products });
    });
    return () => {
      isAsked = false;
    };
  }, [typed, language, open]);
  return phone;
}

/** Whether a finger or button is down on a row. */
function useTouching(open: boolean): boolean {
  const [touching, setTouching] = useState(false);
  useEffect(() => {
    if (!open) return undefined;
    const down = (event: PointerEvent) => setTouching(event.target instanceof Element && event.target.closest("[role=option]") !== null);
    const up = () => setTimeout(() => setTouching(false)); // after the click
    document.addEventListener("pointerdown", down);
    document.addEventListener("pointerup", up);
    document.addEventListener("pointercancel", up);
    return () => {
      document.removeEventListener("pointerdown", down);
      document.removeEventListener("pointerup", up);
      document.removeEventListener("pointercancel", up);
    };
  }, [open]);
  return touching;
}
