// Server state, and the only hooks that read or change it.
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useLanguage } from "../i18n/language";
import { rememberOrdered } from "../pwa/install";
import { changeCart, fetchCart, hasWaitingChanges, productOfLine, received, sendChanges } from "./cartChanges";
import { withChanges } from "./cartOverlay";
import type { Change } from "./cartOverlay";
import { get, Offline, write } from "./client";
import { initially } from "./firstAnswers";
import { cartPath, categoriesPath, comparePath, homePath, productPath, productsPath, searchPath } from "./paths";
import type { Account, Cart, Category, Comparison, Home, Order, ProductCard, ProductDetail, SearchResponse, Suggestions } from "./types";

const FRESH_MS = 60_000;
const JUST_NOW_MS = 5_000; // the header, the tabs and a page that open together need one cart

export function useSearch(params: URLSearchParams) {
  const { language } = useLanguage();
  const query = params.toString();
  return useInfiniteQuery({
    queryKey: ["search", query, language],
    initialPageParam: 1,
    queryFn: ({ pageParam, signal }) => get<SearchResponse>(searchPath(query, language, pageParam), signal),
    ...initially(searchPath(query, language), (body) => ({ pages: [body as SearchResponse], pageParams: [1] })),
    getNextPageParam: (last) => (last.page < last.pages ? last.page + 1 : undefined),
    placeholderData: keepPreviousData,
    staleTime: FRESH_MS,
  });
}

export function useSuggestions(text: string, enabled: boolean) {
  const { language } = useLanguage();
  const client = useQueryClient();
  const query = useQuery({
    queryKey: ["suggestions", text, language],
    queryFn: ({ signal }) => get<Suggestions>(`/api/suggestions/?q=${encodeURIComponent(text)}&lang=${language}`, signal),
    placeholderData: keepPreviousData,
    staleTime: FRESH_MS,
    enabled,
    retry: false,
  });
  /** All that was suggested so far: what can be offered before the next answer. */
  const known = () => {
    const answers = client.getQueriesData<Suggestions>({ queryKey: ["suggestions"], predicate: (one) => one.queryKey[2] === language });
    return answers.flatMap(([, answer]) => answer?.suggestions ?? []);
  };
  return { ...query, known };
}

export function useHome() {
  const { language } = useLanguage();
  const path = homePath(language);
  return useQuery({ queryKey: ["home", language], queryFn: () => get<Home>(path), ...initially<Home>(path), staleTime: FRESH_MS });
}

export function useCategories(enabled = true) {
  const { language } = useLanguage();
  const path = categoriesPath(language);
  return useQuery({
    queryKey: ["categories", language],
    queryFn: () => get<Category[]>(path),
    ...initially<Category[]>(path),
    enabled,
    staleTime: 5 * FRESH_MS,
  });
}

export function useProduct(id: string) {
  const { language } = useLanguage();
  const path = productPath(id, language);
  return useQuery({ queryKey: ["product", id, language], queryFn: () => get<ProductDetail>(path), ...initially<ProductDetail>(path), staleTime: FRESH_MS });
}

export function useProducts(ids: number[]) {
  const { language } = useLanguage();
  return useQuery({
    queryKey: ["products", ids.join(), language],
    queryFn: () => get<ProductCard[]>(productsPath(ids.join(), language)),
    enabled: ids.length > 0,
    placeholderData: keepPreviousData,
    staleTime: FRESH_MS,
  });
}

export function useComparison(ids: number[]) {
  const { language } = useLanguage();
  return useQuery({
    queryKey: ["compare", ids.join(), language],
    queryFn: () => get<Comparison>(comparePath(ids.join(), language)),
    enabled: ids.length > 0,
    placeholderData: keepPreviousData,
    staleTime: FRESH_MS,
  });
}

export function useCart() {
  const { language } = useLanguage();
  const shown = initially(cartPath(language), (body) => received(body as Cart));
  return useQuery({ queryKey: ["cart", language], queryFn: () => fetchCart(language), ...shown, staleTime: JUST_NOW_MS });
}

export interface Adding {
  product: ProductCard;
  quantity?: number;
  queryId?: string | null;
  position?: number | null;
}

/** Each change is shown at once, and sent now or when there is a network again (cartChanges.ts). Every tile has them, so
 * they are plain functions: three observers of mutations a tile would take longer than the tile itself. */
export function useCartChanges() {
  const { language } = useLanguage();
  const client = useQueryClient();
  const key = ["cart", language];
  const expect = async (change: Change | null) => {
    await client.cancelQueries({ queryKey: key }); // an older answer must not come after
    const before = client.getQueryData<Cart>(key);
    if (before && change) client.setQueryData<Cart>(key, withChanges(before, [change]));
  };
  const added = ({ product, quantity = 1, queryId = null, position = null }: Adding): Change => ({ action: "add", product, quantity, queryId, position });
  const ofLine = (id: number, change: { action: "set"; quantity: number } | { action: "remove" }): Change | null => {
    const product = productOfLine(id);
    return product ? { product, ...change } : null;
  };
  const apply = async (change: Change | null): Promise<Cart> => {
    await expect(change);
    try {
      const cart = await (change ? changeCart(change, language) : fetchCart(language));
      client.setQueryData(key, cart);
      return cart;
    } catch (error) {
      void client.invalidateQueries({ queryKey: key });
      throw error;
    }
  };
  return {
    add: (adding: Adding) => apply(added(adding)),
    setQuantity: (id: number, quantity: number) => apply(ofLine(id, { action: "set", quantity })),
    remove: (id: number) => apply(ofLine(id, { action: "remove" })),
  };
}

export type Delivery = Record<"email" | "name" | "phone" | "address_line1" | "address_line2" | "city" | "postal_code" | "country", string>;

export function useCheckout() {
  const { language } = useLanguage();
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ delivery, key }: { delivery: Delivery; key: string }) => {
      if (hasWaitingChanges()) await sendChanges(language); // what is ordered is what was shown
      if (hasWaitingChanges()) throw new Offline("offline");
      return write<Order>("POST", "/api/checkout/", { ...delivery, payment_method: "cash_on_delivery" }, { "Idempotency-Key": key });
    },
    onSuccess: (order) => {
      rememberOrdered();
      client.setQueryData(["order", order.number], order);
      void client.invalidateQueries({ queryKey: ["cart"] });
      void client.invalidateQueries({ queryKey: ["orders"] });
    },
    onError: () => void client.invalidateQueries({ queryKey: ["cart"] }),
  });
}

export const useOrders = () => useQuery({ queryKey: ["orders"], queryFn: () => get<Order[]>("/api/orders/") });

export const useOrder = (number: string) =>
  useQuery({ queryKey: ["order", number], queryFn: () => get<Order>(`/api/orders/${number}/`) });

export const useAccount = () =>
  useQuery({ queryKey: ["account"], queryFn: () => get<Account>("/api/account/"), staleTime: FRESH_MS });

export function useAccountChanges() {
  const client = useQueryClient();
  const onSuccess = () => client.invalidateQueries();
  const signIn = useMutation({ mutationFn: (body: { email: string; password: string }) => write<Account>("POST", "/api/account/sign-in/", body), onSuccess });
  const signUp = useMutation({
    mutationFn: (body: { email: string; password: string; name: string }) => write<Account>("POST", "/api/account/sign-up/", body),
    onSuccess,
  });
  const signOut = useMutation({ mutationFn: () => write<Account>("POST", "/api/account/sign-out/"), onSuccess });
  return { signIn, signUp, signOut };
}
