// Answers of the API, as small as the types allow; a test names only what it is about.
import type { Cart, CartLine, Constraint, Facet, FacetValue, Order, ProductCard, SearchResponse, Suggestions } from "../api/types";

export const product = (fields: Partial<ProductCard> = {}): ProductCard => ({
  id: 1,
  sku: "MUG-1",
  title: "Casalina Delta Coffee Mug",
  brand: "Casalina",
  category: { slug: "coffee-mug", name: "Coffee Mug" },
  price_cents: 1590,
  sale_price_cents: null,
  currency: "USD",
  rating_average: 4.2,
  rating_count: 27,
  stock_status: "in_stock",
  stock_left: null,
  is_new: false,
  images: [],
  key_attributes: [],
  ...fields,
});

export const value = (fields: Partial<FacetValue> & Pick<FacetValue, "value">): FacetValue => ({
  label: fields.value,
  count: 3,
  selected: false,
  min_cents: null,
  max_cents: null,
  ...fields,
});

export const facet = (fields: Partial<Facet> & Pick<Facet, "key" | "values">): Facet => ({
  label: fields.key,
  kind: "values",
  min_cents: null,
  max_cents: null,
  ...fields,
});

export const constraint = (fields: Partial<Constraint> & Pick<Constraint, "key" | "text">): Constraint => ({
  without: "mug",
  label: fields.text,
  values: [],
  min_cents: null,
  max_cents: null,
  ...fields,
});

export const results = (fields: Partial<SearchResponse> = {}): SearchResponse => ({
  query_id: "7f1f4d3a-0000-4000-8000-000000000001",
  query: "mug",
  mode: "hybrid",
  interpreted: { query: "mug", corrected_from: null, constraints: [], relaxed: [], drop: [] },
  total: 1,
  page: 1,
  page_size: 24,
  pages: 1,
  sort: "relevance",
  facets: [],
  default_layout: "grid",
  hits: [{ position: 1, product: product(), why: null, variants: null }],
  related: [],
  notice: null,
  banner: null,
  redirect: null,
  ...fields,
});

export const line = (fields: Partial<CartLine> = {}): CartLine => ({
  id: 11,
  product: product(),
  quantity: 1,
  unit_price_cents: 1590,
  line_total_cents: 1590,
  max_quantity: 5,
  notice: null,
  ...fields,
});

export const cart = (items: CartLine[] = []): Cart => {
  const subtotal = items.reduce((sum, item) => sum + item.line_total_cents, 0);
  return {
    items,
    count: items.reduce((sum, item) => sum + item.quantity, 0),
    subtotal_cents: subtotal,
    shipping_cents: 490,
    flat_shipping_cents: 490,
    free_shipping_from_cents: 5000,
    total_cents: subtotal + 490,
    currency: "USD",
  };
};

export const order = (fields: Partial<Order> = {}): Order => ({
  number: "P100",
  status: "placed",
  created_at: "2026-11-25T10:00:00Z",
  items: [],
  subtotal_cents: 1590,
  shipping_cents: 490,
  total_cents: 2080,
  currency: "USD",
  email: "ada@example.com",
  name: "Ada",
  address: { address_line1: "Main St 1", address_line2: "", city: "London", postal_code: "N1", country: "GB", phone: "" },
  payment_method: "cash_on_delivery",
  ...fields,
});

export const suggestions = (...texts: string[]): Suggestions => ({
  query: "",
  suggestions: texts.map((text) => ({ kind: "query", text })),
});
