// Run once by the build (vite/storefront.ts): what Django shows and says before the app runs, from the app's own parts.
import { QueryClient } from "@tanstack/react-query";
import { renderToString } from "react-dom/server";
import { StaticRouter } from "react-router";
import { App } from "./App";
import type { Category, Layout } from "./api/types";
import { loadMessages, PREFIXES, translate } from "./i18n/language";
import type { Language } from "./i18n/language";
import { ROUTES } from "./pages/routes";
import { PAGE_SIZE, PASSED_ON } from "./searchParams";

// Places in the shells where Django puts a request's own words (shop/storefront/views.py).
const QUERY = "SHELLQUERY";
const NAME = "SHELLNAME";

const LAYOUTS: Layout[] = ["grid", "list", "card"];
const PLACES: Record<Exclude<keyof typeof ROUTES, "search" | "category">, string> = {
  home: "/",
  browse: "/browse",
  product: "/product/0",
  compare: "/compare?ids=0",
  cart: "/cart",
  checkout: "/checkout",
  orders: "/orders",
  order: "/orders/0",
  account: "/account",
  missing: "/missing",
};

/** A category of which only the name is known. */
const named = (layout: Layout): Category => ({ slug: "category", name: NAME, count: 0, image: null, default_layout: layout, children: [] });

/** The whole app as it looks at an address while nothing has been answered yet. */
function shell(language: Language, place: string, categories?: Category[]): string {
  const client = new QueryClient();
  if (categories) client.setQueryData(["categories", language], categories);
  return renderToString(
    <StaticRouter location={PREFIXES[language] + place} basename={PREFIXES[language]}>
      <App language={language} client={client} />
    </StaticRouter>,
  );
}

function shells(language: Language): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, place] of Object.entries(PLACES)) found[name] = shell(language, place);
  for (const layout of LAYOUTS) {
    found[`search-${layout}`] = shell(language, `/search?q=${QUERY}&layout=${layout}`);
    found[`category-${layout}`] = shell(language, "/category/category", [named(layout)]);
  }
  return found;
}

/** What Django says of pages that have no words of their own. */
function texts(language: Language): Record<string, string> {
  const t = (key: Parameters<typeof translate>[1]) => translate(language, key);
  return {
    "description": t("description"),
    "category.description": translate(language, "description.category", { name: "{name}", count: "{count}" }),
    "home": t("home"),
    "search": t("results.all"),
    "category": t("results.all"),
    "product": t("notfound.title"),
    "browse": t("home.departments"),
    "compare": t("compare"),
    "cart": t("cart.title"),
    "checkout": t("checkout.title"),
    "orders": t("orders.title"),
    "order": t("orders.title"),
    "account": t("account.title"),
    "missing": t("notfound.title"),
  };
}

export async function storefront() {
  await Promise.all([loadMessages("zh"), ...Object.values(ROUTES).map((route) => route.preload())]);
  return {
    shells: { en: shells("en"), zh: shells("zh") },
    texts: { en: texts("en"), zh: texts("zh") },
    search: { params: PASSED_ON, page_size: PAGE_SIZE },
  };
}
