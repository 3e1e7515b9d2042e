// Lighthouse on the built store, as on a phone: the median of several runs of each page, against the gates.
//   BASE_URL        a store that already runs; else the demo's at port 8000, which is started if it is not there
//   CHROMIUM_PATH   the browser (Debian's /usr/bin/chromium by default)
//   RUNS            of each page (5)
//   PAGES           some of home, results, product
import { spawn } from "node:child_process";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as chromeLauncher from "chrome-launcher";
import lighthouse from "lighthouse";
import { GATES, report } from "./gates.mjs";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const BASE_URL = process.env.BASE_URL ?? "http://127.0.0.1:8000";
const RUNS = Number(process.env.RUNS ?? 5);
const START_TIMEOUT_S = 600; // the first start loads and embeds the catalogue
// Results are kept out of search engines on purpose, so that they do not fill them with endless variants.
const ALL_PAGES = {
  home: { path: "/", skipAudits: [] },
  results: { path: "/search?q=headphones", skipAudits: ["is-crawlable"] },
  product: { path: "/product/1", skipAudits: [] },
};
const PAGES = Object.entries(ALL_PAGES).filter(([name]) => (process.env.PAGES ?? name).split(",").includes(name));
const FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];

const answers = (url) => fetch(url).then((response) => response.ok, () => false);
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/** The store, started if none answers; gives what stops it again. */
async function store() {
  if (await answers(`${BASE_URL}/healthz`)) return () => undefined;
  if (process.env.BASE_URL) throw new Error(`No store answers at ${BASE_URL}.`);
  const demo = spawn(".venv/bin/python", ["manage.py", "demo", "--port", new URL(BASE_URL).port], { cwd: ROOT, stdio: "ignore" });
  for (let waited = 0; waited < START_TIMEOUT_S && demo.exitCode === null; waited++) {
    if (await answers(`${BASE_URL}/healthz`)) return () => demo.kill("SIGTERM");
    await sleep(1000);
  }
  demo.kill("SIGTERM");
  throw new Error("The demo did not start; `make demo` shows why.");
}

async function inlinedStylesBytes(url) {
  const page = await (await fetch(url)).text();
  return gzipSync([...page.matchAll(/<style>([^<]*)<\/style>/g)].map(([, style]) => style).join("")).length;
}

/** One run; a browser that starved on a busy machine is tried once more. */
const measure = (page) => once(page).catch(() => once(page));

/** In a browser of its own: nothing is in its cache, as at a first visit. */
async function once({ path, skipAudits }) {
  const url = BASE_URL + path;
  const chrome = await chromeLauncher.launch({ chromePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium", chromeFlags: FLAGS });
  try {
    const { lhr } = await lighthouse(url, { port: chrome.port, output: "json", logLevel: "error", skipAudits });
    if (lhr.runtimeError) throw new Error(`${url}: ${lhr.runtimeError.message}`);
    return { ...lhr, inlinedStylesBytes: await inlinedStylesBytes(url) };
  } finally {
    await chrome.kill();
  }
}

const stop = await store();
let missed = 0;
try {
  for (const [name, page] of PAGES) {
    await fetch(BASE_URL + page.path); // pictures and the encoder are made at their first use, which is no visitor's
    const runs = [];
    for (let run = 0; run < RUNS; run++) runs.push(await measure(page));
    missed += report(name, runs);
  }
} finally {
  stop();
}
console.log(missed ? `\n${missed} gates are missed.` : `\nAll ${GATES.length * PAGES.length} gates hold.`);
process.exitCode = missed ? 1 : 0;
