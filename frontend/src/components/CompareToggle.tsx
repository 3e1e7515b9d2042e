import { useNavigate } from "react-router";
import type { ProductCard } from "../api/types";
import { comparePath, MAX_COMPARED, toggleCompared, useCompared } from "../compare";
import { useT } from "../i18n/language";
import styles from "./CompareToggle.module.css";
import { Icon } from "./Icon";
import { useToast } from "./toast";

/** Takes a product into the comparison and out again; a fifth is refused in words, with the way to the four. */
export function CompareToggle({ product, className = "" }: { product: Pick<ProductCard, "id" | "title">; className?: string | undefined }) {
  const t = useT();
  const toast = useToast();
  const navigate = useNavigate();
  const ids = useCompared();
  const isIn = ids.includes(product.id);
  const toggle = () => {
    if (toggleCompared(product.id)) return;
    toast(t("compare.full", { count: MAX_COMPARED }), { label: t("compare"), run: () => void navigate(comparePath(ids)) });
  };
  return (
    <button type="button" className={`${styles.toggle} ${className}`} aria-pressed={isIn} aria-label={t("compare.named", { title: product.title })} title={t("compare")} onClick={toggle}>
      <span>
        <Icon name={isIn ? "check" : "compare"} size={18} />
      </span>
    </button>
  );
}
