// The addresses of what is read: the queries ask there, and the service worker keeps what is everybody's under them.
import type { Language } from "../i18n/language";

export const cartPath = (language: Language) => `/api/cart/?lang=${language}`;
export const homePath = (language: Language) => `/api/home/?lang=${language}`;
export const categoriesPath = (language: Language) => `/api/categories/?lang=${language}`;
export const productPath = (id: string, language: Language) => `/api/products/${id}/?lang=${language}`;
export const productsPath = (ids: string, language: Language) => `/api/products/?ids=${ids}&lang=${language}`;
export const comparePath = (ids: string, language: Language) => `/api/compare/?ids=${ids}&lang=${language}`;

export function searchPath(query: string, language: Language, page = 1) {
  const params = new URLSearchParams(query);
  params.set("page", String(page));
  params.set("lang", language);
  return `/api/search/?${params}`;
}
