// How wide the pictures of products are, as in `<img sizes>`.
import type { Layout } from "../api/types";

export const SIZES: Record<Layout | "product" | "rail" | "department", string> = {
  grid: "(min-width: 1100px) 230px, (min-width: 700px) 30vw, 46vw",
  list: "96px",
  card: "(min-width: 700px) 400px, 92vw",
  rail: "(min-width: 520px) 208px, 40vw",
  department: "(min-width: 800px) 112px, 80px",
  product: "(min-width: 900px) 560px, 100vw",
};
