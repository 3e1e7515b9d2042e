import { useState } from "react";
import { useLocation, useNavigate, useParams, useSearchParams } from "react-router";
import { Offline } from "../api/client";
import { useCategories, useSearch } from "../api/queries";
import type { Category, Constraint, Facet, FacetValue, Layout } from "../api/types";
import { AppliedFilters, PromotedFilters } from "../components/AppliedFilters";
import { Banner } from "../components/Banner";
import buttons from "../components/Button.module.css";
import { DropFilters } from "../components/DropFilters";
import { Facets } from "../components/Facets";
import { Corrected } from "../components/Corrected";
import { FilterSheet } from "../components/FilterSheet";
import { CompareBar } from "../components/CompareBar";
import { Hits } from "../components/Hits";
import { HitsSkeleton } from "../components/HitsSkeleton";
import { Icon } from "../components/Icon";
import { useLayoutChange } from "../components/layoutChange";
import { LayoutSwitch } from "../components/LayoutSwitch";
import { MoreResults } from "../components/MoreResults";
import { NothingFound } from "../components/NothingFound";
import { PageHead } from "../components/PageHead";
import { PhoneResults } from "../components/PhoneResults";
import { RelaxedConstraints } from "../components/RelaxedConstraints";
import { ResultBar } from "../components/ResultBar";
import { ProductTypes } from "../components/ProductTypes";
import { Redirect } from "../components/Redirect";
import { ErrorState } from "../components/States";
import { useT } from "../i18n/language";
import { targetOf } from "../links";
import { useCompared } from "../compare";
import { activeFilters, apiParams, facetsOfPages, layoutOf, saidFor, toggled, withoutFilter, withoutFilters, withParam, withPicks } from "../searchParams";
import { rememberedLayout, rememberLayout } from "../storage";
import { useWide } from "../wide";
import styles from "./SearchPage.module.css";


const flat = (forest: Category[]): Category[] => forest.flatMap((one) => [one, ...flat(one.children)]);

/** Results of a query, or the products of a category: the same page, all of its state in the URL. */
export default function SearchPage() {
  const t = useT();
  const navigate = useNavigate();
  const location = useLocation();
  const { slug } = useParams();
  const [url, setUrl] = useSearchParams();
  const search = useSearch(apiParams(url, slug));
  // The page of a query needs them only where it has nothing else to offer.
  const categories = useCategories(Boolean(slug ?? url.get("category")) || search.data?.pages[0]?.total === 0);
  const category = flat(categories.data ?? []).find((one) => one.slug === (slug ?? url.get("category")));
  const [chosen, setChosen] = useState<Layout | null>(rememberedLayout);
  const query = url.get("q") ?? "";
  const last = search.data?.pages.at(-1);
  // A category's name and types come with its products, so that neither pushes the other down.
  const first = slug && categories.isPending ? undefined : search.data?.pages[0];
  const layout = layoutOf(url) ?? chosen ?? category?.default_layout ?? first?.default_layout ?? "grid";
  const changeLayout = useLayoutChange(layout);
  const isWide = useWide();
  const [isChoosing, setChoosing] = useState(false); // what to compare
  const hasChosen = useCompared().length > 0;
  // What the query says in words; the last answer is of no use once the query is another.
  const interpreted = search.isPlaceholderData && first?.query !== query ? undefined : first?.interpreted;
  const said = interpreted?.constraints ?? [];
  const active = activeFilters(url) + said.length;

  // A change made in the filter sheet replaces the entry and keeps its state, so the sheet stays open.
  const change = (params: URLSearchParams, replace = false) =>
    setUrl(params, { replace, preventScrollReset: true, state: replace ? location.state : null });
  const toggle = (facet: Facet, value: FacetValue, replace = false) => {
    const constraint = saidFor(said, facet, value);
    if (constraint) change(withParam(url, "q", constraint.without), replace);
    else if (facet.key === "category" && slug) {
      // Within a category page the chosen category is the path.
      const to = value.selected ? "/search" : `/category/${value.value}`;
      void navigate(`${to}?${withoutCategory(url)}`, { replace, state: replace ? location.state : null });
    } else change(toggled(url, facet, value), replace);
  };
  const clear = (replace = false) => change(withoutFilters(said.length ? withParam(url, "q", interpreted?.query ?? query) : url), replace);
  const linkWithout = (key: string) =>
    key === "category" && slug ? `/search?${withoutFilter(url, key)}` : `${location.pathname}?${withoutFilter(url, key)}`;
  const drop = { drop: search.isPlaceholderData ? [] : (interpreted?.drop ?? []), linkWithout };
  const setLayout = (next: Layout) => {
    rememberLayout(next);
    setChosen(next);
    changeLayout(() => change(withParam(url, "layout", next), true));
  };
  if (search.error && !search.data) {
    const failed = <ErrorState error={search.error} onRetry={() => void search.refetch()} />;
    return search.error instanceof Offline && query ? <PhoneResults query={query} layout={layout} fallback={failed} onRetry={() => void search.refetch()} /> : failed;
  }

  const elsewhere = search.isPlaceholderData ? null : search.data?.pages[0]?.redirect;
  const target = elsewhere && !(location.state as { redirected?: boolean } | null)?.redirected ? targetOf(elsewhere) : null;
  if (target && target.href !== location.pathname + location.search) return <Redirect to={target} />;

  const hits = (first ? search.data?.pages : undefined)?.flatMap((page) => page.hits.map((hit) => ({ ...hit, queryId: page.query_id }))) ?? [];
  const related = last?.related.map((hit) => ({ ...hit, queryId: last.query_id })) ?? [];
  const facets = withPicks(url, first ? facetsOfPages(search.data?.pages ?? []) : [], said);
  const currency = hits[0]?.product.currency ?? related[0]?.product.currency ?? "USD";
  const corrected = !search.isPlaceholderData && interpreted?.corrected_from ? interpreted : null;
  const title = query ? t("results.for", { query: corrected?.query ?? query }) : (category?.name ?? t("results.all"));
  const barren = first?.total === 0 && active === 0; // nothing to lay out, to sort or to filter
  const filters = { facets, currency, onToggle: toggle, said, onLift: (one: Constraint) => change(withParam(url, "q", one.without)), onChange: change, onClear: () => clear() };
  return (
    <div className={`page ${styles.layout}`}>
      <PageHead title={query || title} params={slug || !query ? "" : `?${new URLSearchParams({ q: query })}`} indexed={Boolean(slug)} />
      <aside className={styles.side} aria-label={t("filters")}>
        {isWide && <Facets facets={facets} currency={currency} onToggle={toggle} onChange={change} />}
      </aside>
      <section className={styles.results}>
        <h1 className={styles.title}>{title}</h1>
        {corrected && <Corrected query={corrected.query} typed={corrected.corrected_from ?? ""} />}
        <div className={styles.summary}>
          <p role="status">{first ? t("results.count", { count: first.total }) : t("results.loading")}</p>
          {(!barren || related.length > 0) && (
            <>
              {!hasChosen && (
                <button type="button" className={`${buttons.icon} ${styles.compare}`} aria-pressed={isChoosing} title={t("compare.choose")} aria-label={t("compare.choose")} onClick={() => setChoosing(!isChoosing)}>
                  <Icon name="compare" size={20} />
                </button>
              )}
              <LayoutSwitch layout={layout} onChange={setLayout} />
            </>
          )}
        </div>
        {first?.notice && <p className={styles.notice}>{first.notice}</p>}
        <RelaxedConstraints relaxed={interpreted?.relaxed ?? []} url={url} />
        {first?.banner && <Banner banner={first.banner} />}
        {slug && category && category.children.length > 0 && <ProductTypes types={category.children} />}
        {(first ?? !slug) && !barren && <ResultBar
          sort={url.get("sort") ?? "relevance"}
          onSort={(sort) => change(withParam(url, "sort", sort))}
          before={
            <FilterSheet total={first?.total ?? 0} active={active} facets={facets} currency={currency} onClear={() => clear(true)}
              onToggle={(facet, value) => toggle(facet, value, true)} onChange={(params) => change(params, true)} />
          }
        >
          <AppliedFilters {...filters} facets={slug ? facets.filter((facet) => facet.key !== "category") : facets} />
          <PromotedFilters facets={facets} currency={currency} onToggle={toggle} />
        </ResultBar>}
        {first && hits.length === 0 && (
          <NothingFound query={query} filtered={active > 0} departments={categories.data ?? []} {...drop} onClear={filters.onClear} />
        )}
        <div className={search.isPlaceholderData ? styles.dimmed : undefined} aria-busy={search.isPlaceholderData}>
          {!first && <HitsSkeleton layout={layout} />}
          {hits.length > 0 && <h2 className="visually-hidden">{t("results")}</h2>}
          <Hits hits={hits} layout={layout} comparable={isChoosing || hasChosen} />
          {hits.length > 0 && <DropFilters {...drop} />}
          {first && hits.length > 0 && (
            <MoreResults shown={hits.length} total={first.total} hasMore={search.hasNextPage} isLoading={search.isFetchingNextPage} onMore={() => void search.fetchNextPage()} />
          )}
          {related.length > 0 && (
            <section className={styles.related}>
              <h2>{query ? t("results.similar", { query: corrected?.query ?? query }) : t("results.related")}</h2>
              <Hits hits={related} layout={layout === "card" ? "grid" : layout} />
            </section>
          )}
        </div>
      </section>
      <CompareBar />
    </div>
  );
}

function withoutCategory(url: URLSearchParams): string {
  const params = new URLSearchParams(url);
  params.delete("category");
  return params.toString();
}
