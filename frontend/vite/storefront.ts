// Writes dist/storefront.json: what Django needs to know of the build to serve each page with all that it needs first.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "vite";
import type { Plugin, ResolvedConfig, Rolldown } from "vite";
import { bringApp } from "../src/bringApp";

type Bundle = Rolldown.OutputBundle;

// Files of their own, by the names of shop/storefront: pages, and the language that is not in the first bundle.
const MODULES: Record<string, string> = {
  home: "pages/HomePage.tsx",
  search: "pages/SearchPage.tsx",
  category: "pages/SearchPage.tsx",
  browse: "pages/BrowsePage.tsx",
  product: "pages/ProductPage.tsx",
  cart: "pages/CartPage.tsx",
  checkout: "pages/CheckoutPage.tsx",
  orders: "pages/OrdersPage.tsx",
  order: "pages/OrderPage.tsx",
  account: "pages/AccountPage.tsx",
  missing: "pages/NotFoundPage.tsx",
  zh: "i18n/zh.ts",
};

/** A chunk with all that it imports; `loaded` holds what a page has already, and gets what is found. */
function filesOf(bundle: Bundle, name: string, loaded: Set<string>): string[] {
  const chunk = bundle[name];
  if (!chunk || chunk.type !== "chunk" || loaded.has(name)) return [];
  loaded.add(name);
  return [...chunk.imports.flatMap((other) => filesOf(bundle, other, loaded)), name];
}

/** By name: the scripts beside those that index.html names itself. */
function filesByName(bundle: Bundle): Record<string, string[]> {
  const chunks = Object.values(bundle).filter((one) => one.type === "chunk");
  const loaded = new Set<string>();
  for (const entry of chunks.filter((one) => one.isEntry)) filesOf(bundle, entry.fileName, loaded);
  const found: Record<string, string[]> = {};
  for (const [name, module] of Object.entries(MODULES)) {
    const chunk = chunks.find((one) => one.moduleIds.some((id) => id.endsWith(`/src/${module}`)));
    if (!chunk) throw new Error(`There is no chunk of src/${module}.`);
    found[name] = filesOf(bundle, chunk.fileName, new Set(loaded));
  }
  return found;
}

/** Styles in the page itself: they are small, and the first paint need not wait for another answer. */
function withStyles(page: string, bundle: Bundle): string {
  return page.replace(/<link rel="stylesheet"[^>]* href="\/([^"]+)">/g, (_link, name: string) => {
    const file = bundle[name];
    if (file?.type !== "asset") throw new Error(`There is no file ${name}.`);
    return `<style>${String(file.source).trim()}</style>`;
  });
}

/** The app's files where the browser leaves them alone, and the script that brings them once the page is painted. */
function withLateScripts(page: string): string {
  const files: string[] = [];
  const without = page.replace(/\s*(<script type="module"[^>]*><\/script>|<link rel="modulepreload"[^>]*>)/g, (_all, file: string) => {
    files.push(file);
    return "";
  });
  const late = `<template id="app-files">${files.join("")}<!--files--></template><script>(${String(bringApp)})()</script>`;
  return without.replace("</body>", () => `${late}</body>`);
}

/** Builds the app for Node and runs src/prerender.tsx in it. */
async function prerendered(config: ResolvedConfig): Promise<object> {
  const folder = await mkdtemp(join(tmpdir(), "storefront-"));
  try {
    await build({
      configFile: false,
      root: config.root,
      cacheDir: folder,
      logLevel: "warn",
      plugins: config.plugins.filter((plugin) => plugin.name.startsWith("vite:react")),
      resolve: { alias: config.resolve.alias },
      ssr: { noExternal: true },
      build: { ssr: "src/prerender.tsx", outDir: folder, emptyOutDir: true, rolldownOptions: { output: { entryFileNames: "prerender.mjs" } } },
    });
    const { storefront } = (await import(pathToFileURL(join(folder, "prerender.mjs")).href)) as typeof import("../src/prerender");
    return await storefront();
  } finally {
    await rm(folder, { recursive: true });
  }
}

export function storefront(): Plugin {
  let config: ResolvedConfig;
  let files: Record<string, string[]> = {};
  return {
    name: "storefront",
    apply: (options, { command }) => command === "build" && !options.build?.ssr,
    configResolved: (resolved) => {
      config = resolved;
    },
    transformIndexHtml: {
      order: "post",
      handler: (page, { bundle }) => (bundle ? withLateScripts(withStyles(page, bundle)) : page),
    },
    generateBundle: {
      order: "post",
      handler: (_options, bundle) => {
        files = filesByName(bundle);
      },
    },
    closeBundle: async () => {
      const known = { ...(await prerendered(config)), files };
      await writeFile(resolve(config.root, config.build.outDir, "storefront.json"), JSON.stringify(known));
    },
  };
}
