import js from "@eslint/js";
import hooks from "eslint-plugin-react-hooks";
import globals from "globals";
import ts from "typescript-eslint";

// Run from the repository's root, so that one configuration covers frontend/src and tests/e2e (see "lint").
// Imports point one way: pages use components, components use api and i18n, and those use nothing of ours above them.
const below = (patterns, why) => ["error", { patterns: [{ group: patterns, message: why }] }];

export default ts.config(
  { ignores: ["**/dist", "**/src/api/schema.ts"] },
  js.configs.recommended,
  ...ts.configs.strict,
  hooks.configs.flat["recommended-latest"],
  { languageOptions: { globals: { ...globals.browser, ...globals.node } } },
  { rules: { "@typescript-eslint/consistent-type-imports": "error" } },
  { files: ["**/src/components/**"], rules: { "no-restricted-imports": below(["**/pages/*"], "Components know no pages.") } },
  {
    files: ["**/src/api/**", "**/src/i18n/**"],
    rules: { "no-restricted-imports": below(["**/pages/*", "**/components/*"], "Data knows no views.") },
  },
  {
    files: ["**/src/**"],
    ignores: ["**/src/api/client.ts", "**/src/sw/**", "**/src/test/**", "**/*.test.*"],
    rules: { "no-restricted-globals": ["error", { name: "fetch", message: "Only api/client.ts and the service worker talk to the network." }] },
  },
);
