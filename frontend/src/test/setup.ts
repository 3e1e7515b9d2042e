import { cleanup, configure } from "@testing-library/react";
import { afterEach, beforeAll, vi } from "vitest";
import { heard } from "../api/connection";
import { loadMessages } from "../i18n/language";

configure({ asyncUtilTimeout: 5000 }); // a busy machine is slow, not wrong

// What jsdom lacks of a browser.
class Watcher {
  observe() {}
  unobserve() {}
  disconnect() {}
}
vi.stubGlobal("IntersectionObserver", Watcher);
window.scrollTo = () => undefined;
const isAsWide = (media: string) => window.innerWidth >= Number(/min-width: (\d+)px/.exec(media)?.[1] ?? Infinity);
window.matchMedia ??= (media) => Object.assign(new EventTarget(), { media, matches: isAsWide(media), onchange: null }) as MediaQueryList;
HTMLDialogElement.prototype.showModal ??= function showModal(this: HTMLDialogElement) {
  this.open = true;
};
HTMLDialogElement.prototype.close ??= function close(this: HTMLDialogElement) {
  this.open = false;
};

beforeAll(() => loadMessages("zh"));
afterEach(() => {
  cleanup();
  localStorage.clear();
  sessionStorage.clear();
  heard(true);
});
