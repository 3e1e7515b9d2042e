import type { CSSProperties, ReactNode } from "react";
import { Link } from "react-router";
import type { ComparedFact, ProductCard } from "../api/types";
import { useT } from "../i18n/language";
import { AddButton } from "./AddButton";
import styles from "./CompareTable.module.css";
import { Icon } from "./Icon";
import { Picture } from "./Picture";
import { Price } from "./Price";
import { Stars } from "./Stars";
import { StockLine } from "./StockLine";

interface Props {
  products: ProductCard[];
  rows: ComparedFact[];
  onRemove: (id: number) => void;
}

/**
 * A table whose row headings stand above their values, so that four products fit on a phone without scrolling sideways;
 * on a wide screen they are a first column. The roles are written out: `display: grid` takes them away in some browsers.
 */
export function CompareTable({ products, rows, onRemove }: Props) {
  const t = useT();
  return (
    <table role="table" className={styles.table} style={{ "--columns": products.length } as CSSProperties}>
      <thead role="rowgroup">
        <tr role="row" className={styles.pictures} aria-hidden="true">
          <td role="cell" className={styles.corner} />
          {products.map((product) => (
            <td role="cell" key={product.id}>
              <Picture picture={product.images[0]} sizes="(min-width: 700px) 200px, 44vw" eager decorative />
            </td>
          ))}
        </tr>
        <tr role="row" className={styles.titles}>
          <td role="cell" className={styles.corner} />
          {products.map((product) => (
            <th role="columnheader" scope="col" key={product.id}>
              <Link to={`/product/${product.id}`}>{product.title}</Link>
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr role="row" key={row.key} className={row.differs ? undefined : styles.same}>
            <th role="rowheader" scope="row">
              {row.label}
            </th>
            {products.map((product, place) => (
              <td role="cell" key={product.id} className={row.best.includes(place) ? styles.best : undefined}>
                <Fact row={row} product={product} value={row.values[place] ?? ""} />
                {row.best.includes(place) && (
                  <span className={styles.mark}>
                    <Icon name="check" size={12} />
                    {t("compare.best")}
                  </span>
                )}
              </td>
            ))}
          </tr>
        ))}
        <tr role="row" className={styles.actions}>
          <td role="cell" className={styles.corner} />
          {products.map((product) => (
            <td role="cell" key={product.id}>
              <AddButton product={product} className={styles.add} />
              <button type="button" className={styles.remove} aria-label={t("compare.remove", { title: product.title })} onClick={() => onRemove(product.id)}>
                <Icon name="trash" size={20} />
              </button>
            </td>
          ))}
        </tr>
      </tbody>
    </table>
  );
}

function Fact({ row, product, value }: { row: ComparedFact; product: ProductCard; value: string }): ReactNode {
  const t = useT();
  if (row.key === "price") return <Price cents={product.price_cents} saleCents={product.sale_price_cents} currency={product.currency} />;
  if (row.key === "in_stock") return <StockLine product={product} />;
  if (!value)
    return (
      <>
        <span aria-hidden="true">–</span>
        <span className="visually-hidden">{t("compare.unknown")}</span>
      </>
    );
  return row.key === "rating" ? <Stars rating={product.rating_average} count={product.rating_count} /> : value;
}
