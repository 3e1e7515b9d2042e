// What makes the build installable: /sw.js with the list of the files it keeps, and the manifest's screenshots.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { build } from "vite";
import type { Plugin } from "vite";

const PUBLIC = resolve(__dirname, "../public");
const SCREENSHOTS = resolve(__dirname, "../../docs/screenshots");
const KEPT_PUBLIC = ["favicon.svg", "icons/icon-192.png", "manifest.webmanifest", "manifest.zh.webmanifest"];
const KEPT_BUILT = /^index\.html$|^assets\/.*\.(js|css|woff2)$/;

export function serviceWorker(): Plugin {
  return {
    name: "service-worker",
    apply: "build",
    generateBundle() {
      const manifest = JSON.parse(readFileSync(`${PUBLIC}/manifest.webmanifest`, "utf8")) as { screenshots: { src: string }[] };
      for (const { src } of manifest.screenshots) this.emitFile({ type: "asset", fileName: src.slice(1), source: readFileSync(`${SCREENSHOTS}/${src.split("/").pop()}`) });
    },
    async writeBundle({ dir }, bundle) {
      const built = Object.values(bundle).filter((file) => KEPT_BUILT.test(file.fileName));
      const hash = createHash("sha256");
      for (const file of built) hash.update(file.fileName).update(file.type === "chunk" ? file.code : file.source);
      for (const name of KEPT_PUBLIC) hash.update(readFileSync(`${PUBLIC}/${name}`));
      const entry = built.find((file) => file.type === "chunk" && file.isEntry)?.fileName;
      await build({
        configFile: false,
        publicDir: false,
        logLevel: "warn",
        define: {
          __SHELL__: JSON.stringify([...built.map((file) => file.fileName), ...KEPT_PUBLIC].map((name) => `/${name}`)),
          __ENTRY__: JSON.stringify(`/${entry}`),
          __VERSION__: JSON.stringify(hash.digest("hex").slice(0, 12)),
        },
        build: {
          target: "es2022",
          outDir: dir,
          emptyOutDir: false,
          rolldownOptions: { input: resolve(__dirname, "../src/sw/worker.ts"), output: { entryFileNames: "sw.js", format: "iife" } },
        },
      });
    },
  };
}
