// Drives the built store in Chromium. The packages are frontend's; tsconfig.json says where they are.
//   CHROMIUM_PATH   the browser (Debian's /usr/bin/chromium by default)
//   E2E_BASE_URL    a store that already runs; without it one is started, with data of its own in .local/e2e
//   SCREENSHOTS=1   also write the README's pictures to docs/screenshots
import { resolve } from "node:path";
import { defineConfig } from "@playwright/test";

const ROOT = resolve(__dirname, "../..");
const PORT = 8971;
const running = process.env["E2E_BASE_URL"];

export default defineConfig({
  testDir: ".",
  outputDir: resolve(ROOT, "frontend/test-results"),
  workers: 2,
  fullyParallel: true,
  retries: 1, // a test that passed only at the second try is listed as flaky
  maxFailures: 12, // a store that is down fails every test: no need to wait for all of them
  timeout: 40_000,
  expect: { timeout: 10_000 },
  reporter: [["list"]],
  use: {
    baseURL: running ?? `http://127.0.0.1:${PORT}`,
    viewport: { width: 390, height: 844 },
    isMobile: true,
    hasTouch: true,
    locale: "en-US",
    reducedMotion: "reduce",
    actionTimeout: 10_000,
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  ...(running
    ? {}
    : {
        webServer: {
          command: `.venv/bin/python manage.py demo --port ${PORT}`,
          cwd: ROOT,
          env: { POCKETSHOP_LOCAL: resolve(ROOT, ".local/e2e") },
          url: `http://127.0.0.1:${PORT}/healthz`,
          timeout: 600_000,
          reuseExistingServer: true,
          gracefulShutdown: { signal: "SIGTERM", timeout: 20_000 },
          stdout: "pipe",
        },
      }),
});
