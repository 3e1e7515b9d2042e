import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { storefront } from "./vite/storefront";

// The built site is served by Django; in development Vite passes everything else on to it.
const backend = process.env.BACKEND ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [react(), storefront()],
  server: { proxy: { "/api": backend, "/img": backend, "/admin": backend, "/static": backend } },
  build: { target: "es2022", cssCodeSplit: false, sourcemap: false, assetsInlineLimit: 0 },
  test: { environment: "jsdom", isolate: false, testTimeout: 15_000, setupFiles: ["src/test/setup.ts"], css: { modules: { classNameStrategy: "non-scoped" } } },
});
