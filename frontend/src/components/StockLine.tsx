import type { ProductCard } from "../api/types";
import { useT } from "../i18n/language";
import styles from "./StockLine.module.css";

/** When it comes, or how few there are: one line, in words. */
export function StockLine({ product }: { product: Pick<ProductCard, "stock_status" | "stock_left"> }) {
  const t = useT();
  return (
    <p className={product.stock_status === "in_stock" ? styles.delivery : styles.low}>
      {product.stock_status === "in_stock" && t("product.delivery")}
      {product.stock_status === "low_stock" && t("product.low", { count: product.stock_left ?? 0 })}
      {product.stock_status === "out_of_stock" && t("product.out")}
    </p>
  );
}
