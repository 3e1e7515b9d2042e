// Before the app runs its search field is there already: what was typed meanwhile stays in it, and it stays focused.

const FIELD = "input[name=q]";

/** Remembers what the shopper did in the shell; the function it gives does that again in the app. */
export function takeOver(root: HTMLElement): () => void {
  const field = root.querySelector<HTMLInputElement>(FIELD);
  const typed = field && field.value !== field.defaultValue ? field.value : null;
  const isFocused = field !== null && document.activeElement === field;
  if (typed === null && !isFocused) return () => undefined;
  return () => {
    const watcher = new MutationObserver(again);
    function again() {
      const now = root.querySelector<HTMLInputElement>(FIELD);
      if (!now || now === field) return;
      watcher.disconnect();
      if (isFocused) {
        now.focus();
        now.click(); // as the finger did: what opens under the field opens now
      }
      if (typed === null) return;
      // As if typed: React hears of a value only by the event, and only if the field's own setter was used.
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set?.call(now, typed);
      now.dispatchEvent(new Event("input", { bubbles: true }));
    }
    watcher.observe(root, { childList: true, subtree: true });
    again();
  };
}
