import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useMemo, useState } from "react";
import { Route, Routes } from "react-router";
import { ApiError } from "./api/client";
import { ErrorBoundary } from "./components/ErrorBoundary";
import { Footer, Header, TabBar } from "./components/Shell";
import { PageFocus } from "./components/PageFocus";
import { ScrollMemory } from "./components/ScrollMemory";
import { ToastProvider } from "./components/toast";
import { initialLanguage, LanguageContext, loadMessages } from "./i18n/language";
import type { Language } from "./i18n/language";
import { HomePage } from "./pages/HomePage";

// Home is in the first bundle; the others come when they are needed, and results once the browser has nothing else to do.
const results = () => import("./pages/SearchPage");
const SearchPage = lazy(results);
const BrowsePage = lazy(() => import("./pages/BrowsePage"));
const ProductPage = lazy(() => import("./pages/ProductPage"));
const CartPage = lazy(() => import("./pages/CartPage"));
const CheckoutPage = lazy(() => import("./pages/CheckoutPage"));
const OrdersPage = lazy(() => import("./pages/OrdersPage"));
const OrderPage = lazy(() => import("./pages/OrderPage"));
const AccountPage = lazy(() => import("./pages/AccountPage"));
const NotFoundPage = lazy(() => import("./pages/NotFoundPage"));

const PREFETCH_MS = 2000;

const newClient = () =>
  new QueryClient({
    defaultOptions: {
      queries: {
        gcTime: 30 * 60_000, // Back finds its pages again, as they were
        networkMode: "always", // offline is an answer too: the page says so instead of waiting
        refetchOnWindowFocus: false,
        retry: (failures, error) => failures < 2 && !(error instanceof ApiError && error.status < 500),
        retryDelay: (attempt) => 400 * 2 ** attempt,
      },
      mutations: { networkMode: "always" },
    },
  });

export function App({ client }: { client?: QueryClient }) {
  const [queryClient] = useState(() => client ?? newClient());
  const [language, showLanguage] = useState<Language>(initialLanguage);
  useEffect(() => {
    document.documentElement.lang = language === "zh" ? "zh-Hans" : "en";
    localStorage.setItem("language", language);
  }, [language]);
  useEffect(() => {
    const timer = setTimeout(() => void results(), PREFETCH_MS);
    return () => clearTimeout(timer);
  }, []);
  const languages = useMemo(
    () => ({ language, setLanguage: (next: Language) => void loadMessages(next).then(() => showLanguage(next), () => undefined) }),
    [language],
  );
  return (
    <QueryClientProvider client={queryClient}>
      <LanguageContext value={languages}>
        <ToastProvider>
          <ScrollMemory />
          <PageFocus />
          <Header />
          <main id="content" tabIndex={-1}>
            <ErrorBoundary>
              <Suspense fallback={<div style={{ minHeight: "100dvh" }} />}>
                <Routes>
                  <Route path="/" element={<HomePage />} />
                  <Route path="/search" element={<SearchPage />} />
                  <Route path="/category/:slug" element={<SearchPage />} />
                  <Route path="/browse" element={<BrowsePage />} />
                  <Route path="/product/:id" element={<ProductPage />} />
                  <Route path="/cart" element={<CartPage />} />
                  <Route path="/checkout" element={<CheckoutPage />} />
                  <Route path="/orders" element={<OrdersPage />} />
                  <Route path="/orders/:number" element={<OrderPage />} />
                  <Route path="/account" element={<AccountPage />} />
                  <Route path="*" element={<NotFoundPage />} />
                </Routes>
              </Suspense>
            </ErrorBoundary>
          </main>
          <Footer />
          <TabBar />
        </ToastProvider>
      </LanguageContext>
    </QueryClientProvider>
  );
}
