// Server state, and the only hooks that read or change it.
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useLanguage } from "../i18n/language";
import { get, write } from "./client";
import { initially } from "./firstAnswers";
import type { Account, Cart, Category, Home, Order, ProductCard, ProductDetail, SearchResponse, Suggestions } from "./types";

const FRESH_MS = 60_000;
const JUST_NOW_MS = 5_000; // the header, the tabs and a page that open together need one cart

export function useSearch(params: URLSearchParams) {
  const { language } = useLanguage();
  const query = params.toString();
  const address = (number: number) => {
    const page = new URLSearchParams(query);
    page.set("page", String(number));
    page.set("lang", language);
    return `/api/search/?${page}`;
  };
  return useInfiniteQuery({
    queryKey: ["search", query, language],
    initialPageParam: 1,
    queryFn: ({ pageParam, signal }) => get<SearchResponse>(address(pageParam), signal),
    ...initially(address(1), (body) => ({ pages: [body as SearchResponse], pageParams: [1] })),
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
  const path = `/api/home/?lang=${language}`;
  return useQuery({ queryKey: ["home", language], queryFn: () => get<Home>(path), ...initially<Home>(path), staleTime: FRESH_MS });
}

export function useCategories(enabled = true) {
  const { language } = useLanguage();
  const path = `/api/categories/?lang=${language}`;
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
  const path = `/api/products/${id}/?lang=${language}`;
  return useQuery({ queryKey: ["product", id, language], queryFn: () => get<ProductDetail>(path), ...initially<ProductDetail>(path), staleTime: FRESH_MS });
}

export function useProducts(ids: number[]) {
  const { language } = useLanguage();
  return useQuery({
    queryKey: ["products", ids.join(), language],
    queryFn: () => get<ProductCard[]>(`/api/products/?ids=${ids.join()}&lang=${language}`),
    enabled: ids.length > 0,
    staleTime: FRESH_MS,
  });
}

export function useCart() {
  const { language } = useLanguage();
  const path = `/api/cart/?lang=${language}`;
  return useQuery({ queryKey: ["cart", language], queryFn: () => get<Cart>(path), ...initially<Cart>(path), staleTime: JUST_NOW_MS });
}

export interface Adding {
  product: ProductCard;
  quantity?: number;
  queryId?: string | null;
  position?: number | null;
}

export function useCartChanges() {
  const { language } = useLanguage();
  const client = useQueryClient();
  const key = ["cart", language];
  const done = (cart: Cart) => client.setQueryData(key, cart);
  const failed = () => client.invalidateQueries({ queryKey: key });
  // What is shown at once; the true cart follows. Gives what was there, for when it fails.
  const expect = (change: (cart: Cart) => Cart) => {
    const before = client.getQueryData<Cart>(key);
    if (before) client.setQueryData<Cart>(key, change(before));
    return { before };
  };
  const undo = (before: Cart | undefined) => {
    client.setQueryData(key, before);
    void failed();
  };
  const add = useMutation({
    mutationFn: ({ product, quantity = 1, queryId = null, position = null }: Adding) =>
      write<Cart>("POST", `/api/cart/items/?lang=${language}`, { product_id: product.id, quantity, query_id: queryId, position }),
    onMutate: ({ quantity = 1 }) => expect((cart) => ({ ...cart, count: cart.count + quantity })),
    onSuccess: done,
    onError: (_error, _adding, context) => undo(context?.before),
  });
  const setQuantity = useMutation({
    mutationFn: ({ id, quantity }: { id: number; quantity: number }) =>
      write<Cart>("PATCH", `/api/cart/items/${id}/?lang=${language}`, { quantity }),
    onMutate: ({ id, quantity }) =>
      expect((cart) => ({ ...cart, items: cart.items.map((line) => (line.id === id ? { ...line, quantity } : line)) })),
    onSuccess: done,
    onError: (_error, _change, context) => undo(context?.before),
  });
  const remove = useMutation({
    mutationFn: (id: number) => write<Cart>("DELETE", `/api/cart/items/${id}/?lang=${language}`),
    onSuccess: done,
    onError: failed,
  });
  return { add, setQuantity, remove };
}

export type Delivery = Record<"email" | "name" | "phone" | "address_line1" | "address_line2" | "city" | "postal_code" | "country", string>;

export function useCheckout() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ delivery, key }: { delivery: Delivery; key: string }) =>
      write<Order>("POST", "/api/checkout/", { ...delivery, payment_method: "cash_on_delivery" }, { "Idempotency-Key": key }),
    onSuccess: (order) => {
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
