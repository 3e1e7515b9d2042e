import { useEffect, useState } from "react";
import type { ReactNode, RefObject } from "react";
import type { ProductCard } from "../api/types";
import styles from "./BuyBar.module.css";
import { Picture } from "./Picture";
import { Price } from "./Price";

interface Props {
  product: ProductCard;
  /** While this is in view, the bar is not needed. */
  button: RefObject<Element | null>;
  children: ReactNode;
}

/** Sticks to the bottom, over the tabs, once the page's own button has left view. */
export function BuyBar({ product, button, children }: Props) {
  const [away, setAway] = useState(false);
  useEffect(() => {
    if (!button.current) return undefined;
    const watcher = new IntersectionObserver(([entry]) => setAway(entry?.isIntersecting === false));
    watcher.observe(button.current);
    return () => watcher.disconnect();
  }, [button]);
  if (!away) return null;
  return (
    <aside className={styles.bar} aria-label={product.title}>
      <div className="page">
        <span className={styles.picture}>
          <Picture picture={product.images[0]} sizes="48px" decorative />
        </span>
        <p className={styles.title}>{product.title}</p>
        <Price cents={product.price_cents} saleCents={product.sale_price_cents} currency={product.currency} />
        {children}
      </div>
    </aside>
  );
}
