// Before the app runs its shell is there already: what was typed into the search field stays in it, the field stays
// focused, and what was tapped or chosen is done.

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

/** Once the page is in, does what was tapped last, and what was chosen, in the shell. */
export function doAgain(root: HTMLElement): void {
  const isIn = () => root.querySelector("main:not([aria-busy])") !== null;
  const watcher = new MutationObserver(() => isIn() && run());
  const run = () => {
    watcher.disconnect();
    const early = window.early ?? [];
    window.early = undefined;
    const chosen = early.filter(({ event }) => event.target instanceof HTMLSelectElement && event.type === "change");
    const tapped = early.findLast(({ event, control }) => event.type === "click" && control);
    for (const { event, control } of chosen) choose(sameIn(root, control)?.querySelector("select"), (event.target as HTMLSelectElement).value);
    if (tapped && !chosen.length) sameIn(root, tapped.control)?.click();
  };
  if (isIn()) run();
  else watcher.observe(root, { attributes: true, childList: true, subtree: true });
}

const nameOf = (control: HTMLElement) => `${control.tagName} ${control.ariaLabel ?? control.title} ${control.textContent}`;

function sameIn(root: HTMLElement, control: HTMLElement | null): HTMLElement | undefined {
  if (!control) return undefined;
  return [...root.querySelectorAll<HTMLElement>(control.tagName)].find((one) => nameOf(one) === nameOf(control));
}

function choose(select: HTMLSelectElement | null | undefined, value: string) {
  if (!select || select.value === value) return;
  select.value = value;
  select.dispatchEvent(new Event("change", { bubbles: true }));
}
