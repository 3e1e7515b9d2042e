import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { serviceWorker } from "./vite/serviceWorker";
import { storefront } from "./vite/storefront";

// The built site is served by Django; in development Vite passes everything else on to it.
const backend = process.env.BACKEND ?? "http://127.0.0.1:8000";

// Preact under React's names, here and in what we depend on: the same source, 60 KiB less, and less work to start. Unit
// tests run on React, because Testing Library knows no other; the browser tests run on what is shipped.
const alias = {
  "react-dom/server": "preact/compat/server",
  "react-dom/client": "preact/compat/client",
  "react-dom/test-utils": "preact/test-utils",
  "react-dom": "preact/compat",
  "react/jsx-runtime": "preact/jsx-runtime",
  "react/jsx-dev-runtime": "preact/jsx-dev-runtime",
  "react": "preact/compat",
};

export default defineConfig({
  plugins: [react(), storefront(), serviceWorker()],
  resolve: process.env.VITEST ? {} : { alias },
  server: { proxy: { "/api": backend, "/img": backend, "/admin": backend, "/static": backend } },
  build: { target: "es2022", cssCodeSplit: false, sourcemap: false, assetsInlineLimit: 0, rolldownOptions: { checks: { importIsUndefined: false }, output: { codeSplitting: { groups: [{ name: "app", minShareCount: 2 }] } } } },
  test: { environment: "jsdom", isolate: false, testTimeout: 15_000, setupFiles: ["src/test/setup.ts"], css: { modules: { classNameStrategy: "non-scoped" } } },
});
