// The fields of a delivery: their order, what keyboards and browsers are told of them, and what they begin with.
import type { InputHTMLAttributes } from "react";
import type { Delivery } from "../api/queries";
import type { Account, Order } from "../api/types";
import type { Key, Language } from "../i18n/language";

export type DeliveryName = keyof Delivery;

export const NAMES = ["email", "phone", "name", "address_line1", "address_line2", "postal_code", "city", "country"] as const satisfies DeliveryName[];
export const OPTIONAL = new Set<DeliveryName>(["phone", "address_line2"]);
export const HINTS: Record<Exclude<DeliveryName, "country">, InputHTMLAttributes<HTMLInputElement>> = {
  email: { type: "email", inputMode: "email", autoComplete: "email", autoCapitalize: "off", enterKeyHint: "next" },
  phone: { type: "tel", inputMode: "tel", autoComplete: "tel", enterKeyHint: "next" },
  name: { autoComplete: "name", autoCapitalize: "words", enterKeyHint: "next" },
  address_line1: { autoComplete: "address-line1", autoCapitalize: "words", enterKeyHint: "next" },
  address_line2: { autoComplete: "address-line2", enterKeyHint: "next" },
  postal_code: { autoComplete: "postal-code", autoCapitalize: "characters", autoCorrect: "off", enterKeyHint: "next" },
  city: { autoComplete: "address-level2", autoCapitalize: "words", enterKeyHint: "done" },
};

/** As lenient as can be: whether a letter box exists only a letter shows. */
const EMAIL = /^\S+@\S+\.\S+$/;

/** What cannot be sent like that, by field, with its message. */
export function missing(values: Delivery): Partial<Record<DeliveryName, Key>> {
  const found: Partial<Record<DeliveryName, Key>> = {};
  for (const name of NAMES) if (!values[name] && !OPTIONAL.has(name)) found[name] = "field.required";
  if (values.email && !EMAIL.test(values.email)) found.email = "field.email.invalid";
  return found;
}

interface Known {
  account: Account | undefined;
  last: Order | undefined;
  language: Language;
}

/** Where the last order went, so that another one is a tap; else what the account says, and the browser of the country. */
export function firstDelivery({ account, last, language }: Known): Delivery {
  const country = navigator.languages.map((tag) => new Intl.Locale(tag).region).find(Boolean) ?? (language === "zh" ? "CN" : "US");
  const nothing = { phone: "", address_line1: "", address_line2: "", city: "", postal_code: "", country };
  return { ...nothing, ...last?.address, email: account?.email || last?.email || "", name: last?.name || account?.name || "" };
}
