// Every page with its address and a file of its own, by the names that Django knows them by (shop/storefront/addresses.py).
import { matchPath } from "react-router";
import { loadable } from "./loadable";

const search = loadable(() => import("./SearchPage"));

export const ROUTES = {
  home: { path: "/", ...loadable(() => import("./HomePage")) },
  search: { path: "/search", ...search },
  category: { path: "/category/:slug", ...search },
  browse: { path: "/browse", ...loadable(() => import("./BrowsePage")) },
  product: { path: "/product/:id", ...loadable(() => import("./ProductPage")) },
  compare: { path: "/compare", ...loadable(() => import("./ComparePage")) },
  cart: { path: "/cart", ...loadable(() => import("./CartPage")) },
  checkout: { path: "/checkout", ...loadable(() => import("./CheckoutPage")) },
  orders: { path: "/orders", ...loadable(() => import("./OrdersPage")) },
  order: { path: "/orders/:number", ...loadable(() => import("./OrderPage")) },
  account: { path: "/account", ...loadable(() => import("./AccountPage")) },
  missing: { path: "*", ...loadable(() => import("./NotFoundPage")) },
};

/** Loads the page at an address, which comes without the prefix of a language. */
export const loadPage = (pathname: string) => Object.values(ROUTES).find(({ path }) => matchPath(path, pathname))?.preload();
