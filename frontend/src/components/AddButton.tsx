import { useNavigate } from "react-router";
import { ApiError } from "../api/client";
import { useCartChanges } from "../api/queries";
import type { Cart, ProductCard } from "../api/types";
import { useT } from "../i18n/language";
import { buzz } from "./haptics";
import { Icon } from "./Icon";
import { useToast } from "./toast";

interface Props {
  product: ProductCard;
  className: string | undefined;
  queryId?: string | null;
  position?: number | null;
  quantity?: number;
  /** With words, not only a plus. */
  label?: boolean;
}

/** Adds at once and says so; the toast leads to the cart or takes it back. */
export function AddButton({ product, className, queryId = null, position = null, quantity = 1, label = false }: Props) {
  const t = useT();
  const toast = useToast();
  const navigate = useNavigate();
  const { add, setQuantity, remove } = useCartChanges();
  const soldOut = product.stock_status === "out_of_stock";
  const takeBack = (cart: Cart) => {
    const line = cart.items.find((item) => item.product.id === product.id);
    if (!line) return;
    const changed = line.quantity > quantity ? setQuantity(line.id, line.quantity - quantity) : remove(line.id);
    changed.catch(() => undefined); // the cart shows what is
  };
  const undo = (added: Promise<Cart>) => () => {
    buzz();
    void added.then(takeBack, () => undefined);
  };
  const run = () => {
    buzz();
    const added = add({ product, quantity, queryId, position });
    toast(
      t("product.added"),
      { label: t("product.undo"), run: undo(added) },
      { label: t("product.view_cart"), run: () => void navigate("/cart") },
    );
    added.catch((error: unknown) => toast(error instanceof ApiError ? error.message : t("error.offline")));
  };
  return (
    <button type="button" className={className} disabled={soldOut} onClick={run} aria-label={label ? undefined : t("product.add.named", { title: product.title })}>
      {label ? soldOut ? t("product.out") : t("product.add") : <Icon name="plus" />}
    </button>
  );
}
