import type { Facet, FacetValue } from "../api/types";
import { formatMoney } from "../i18n/language";
import type { Language, useT } from "../i18n/language";

/** How a facet's value is called in the interface. */
export function valueName(facet: Facet, value: FacetValue, t: ReturnType<typeof useT>, language: Language, currency: string): string {
  const money = (cents: number) => formatMoney(cents, currency, language);
  if (facet.kind === "rating") return t("filters.rating", { count: Number(value.value) });
  if (facet.kind === "toggle") return t("filters.in_stock");
  if (facet.kind !== "price") return value.label;
  if (value.max_cents === null) return t("filters.price.over", { price: money(value.min_cents ?? 0) });
  if (!value.min_cents) return t("filters.price.under", { price: money(value.max_cents + 1) });
  return `${money(value.min_cents)} – ${money(value.max_cents + 1)}`;
}
