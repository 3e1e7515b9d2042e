import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useMemo, useState } from "react";
import { Route, Routes } from "react-router";
import { ApiError } from "./api/client";
import { ErrorBoundary } from "./components/ErrorBoundary";
import { Footer, Header, TabBar } from "./components/Shell";
import { Main } from "./components/Main";
import { PageFocus } from "./components/PageFocus";
import { ScrollMemory } from "./components/ScrollMemory";
import { ToastProvider } from "./components/toast";
import { LanguageContext, TAGS } from "./i18n/language";
import type { Language } from "./i18n/language";
import { ROUTES } from "./pages/routes";
import { useSettled } from "./settled";

// The store goes on without them, where the network is lost before they are here.
const Notices = lazy(() => import("./components/Notices").catch(() => ({ default: () => <></> })));

const NOTHING: ChildNode[] = [];
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

interface Props {
  language: Language;
  client?: QueryClient;
  shell?: ChildNode[];
}

export function App({ language, client, shell = NOTHING }: Props) {
  const [queryClient] = useState(() => client ?? newClient());
  const settled = useSettled();
  useEffect(() => {
    if (settled) void ROUTES.search.preload(); // the next page is most often results
  }, [settled]);
  useEffect(() => {
    document.documentElement.lang = TAGS[language];
  }, [language]);
  const spoken = useMemo(() => ({ language }), [language]);
  return (
    <QueryClientProvider client={queryClient}>
      <LanguageContext value={spoken}>
        <ToastProvider>
          <ScrollMemory />
          <PageFocus />
          <Header />
          <Main shell={shell}>
            <ErrorBoundary>
              <Suspense fallback={<div style={{ minHeight: "100dvh" }} />}>
                <Routes>
                  {Object.values(ROUTES).map(({ path, Page }) => (
                    <Route key={path} path={path} element={<Page />} />
                  ))}
                </Routes>
              </Suspense>
            </ErrorBoundary>
          </Main>
          <Footer />
          <TabBar />
          <Suspense>{settled && <Notices />}</Suspense>
        </ToastProvider>
      </LanguageContext>
    </QueryClientProvider>
  );
}
