import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter } from "react-router";
import { App } from "./App";
import { loadMessages, pageLanguage, PREFIXES } from "./i18n/language";
import { loadPage } from "./pages/routes";
import { catchInstallEvent, countVisit } from "./pwa/install";
import { takeOver } from "./takeOver";
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
  createRoot(root).render(
    <StrictMode>
      <BrowserRouter basename={PREFIXES[language]}>
        <App language={language} />
      </BrowserRouter>
    </StrictMode>,
  );
  handOver();
};
// The shell in the HTML stays until the page can be shown; in English, or with a page still to come, rather than not at all.
void Promise.allSettled([loadMessages(language), loadPage(location.pathname.slice(PREFIXES[language].length) || "/")]).then(show);

// After everything that the shopper sees; the observers are told what happened before.
const measure = () => void import("./vitals").then(({ measureVisit }) => measureVisit(), () => undefined);
if (document.readyState === "complete") measure();
else addEventListener("load", measure, { once: true });
