import type { Facet, FacetValue } from "../api/types";
import { formatMoney } from "../i18n/language";
import type { Language, useT } from "../i18n/language";

/** How a facet's value is called in the interface. */
export function valueName(facet: Facet, value: FacetValue, t: ReturnType<typeof useT>, language: Language, currency: string): string {
  if (facet.kind === "rating") return t("filters.rating", { count: Number(value.value) });
  if (facet.kind === "toggle") return t("filters.in_stock");
  if (facet.kind !== "price") return value.label;
  return rangeName(value.min_cents, value.max_cents, t, language, currency);
}

/** A range of prices in words; the upper end is inclusive, and said as the next whole sum. */
export function rangeName(low: number | null, high: number | null, t: ReturnType<typeof useT>, language: Language, currency: string): string {
  const money = (cents: number) => formatMoney(cents, currency, language);
  const upper = high !== null && high % 100 === 99 ? high + 1 : high;
  if (upper === null) return t("filters.price.over", { price: money(low ?? 0) });
  if (!low) return t("filters.price.under", { price: money(upper) });
  return `${money(low)} – ${money(upper)}`;
}
