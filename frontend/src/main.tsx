import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter } from "react-router";
import { App } from "./App";
import { warmings } from "./i18n/formats";
import { loadMessages, pageLanguage, PREFIXES } from "./i18n/language";
import { loadPage } from "./pages/routes";
import { catchInstallEvent, countVisit } from "./pwa/install";
import { doAgain, takeOver } from "./takeOver";
import "./styles/fonts.css";
import "./styles/tokens.css";
import "./styles/base.css";

countVisit();
catchInstallEvent();
const root = document.getElementById("root");
const language = pageLanguage();
const show = () => {
  if (!root) return;
  const handOver = takeOver(root);
  const shell = [...(root.querySelector("main")?.childNodes ?? [])];
  createRoot(root).render(
    <StrictMode>
      <BrowserRouter basename={PREFIXES[language]}>
        <App language={language} shell={shell} />
      </BrowserRouter>
    </StrictMode>,
  );
  handOver();
  doAgain(root);
};
// The shell in the HTML stays until the page can be shown; in English, or with a page still to come, rather than not at all.
/** Each step in a task of its own: between them the browser can answer a finger. */
async function start() {
  await Promise.allSettled([loadMessages(language), loadPage(location.pathname.slice(PREFIXES[language].length) || "/")]);
  for (const step of [...warmings(language), show]) {
    await new Promise((resolve) => setTimeout(resolve));
    step();
  }
}
void start();

// After everything that the shopper sees; the observers are told what happened before.
const measure = () => void import("./vitals").then(({ measureVisit }) => measureVisit(), () => undefined);
if (document.readyState === "complete") measure();
else addEventListener("load", measure, { once: true });
