import { formatMoney, useLanguage, useT } from "../i18n/language";
import type { Suggestion } from "../api/types";
import { Icon } from "./Icon";
import { Picture } from "./Picture";
import styles from "./SearchBox.module.css";

export type Row = Suggestion & { recent: boolean };

interface Props {
  id: string;
  rows: Row[];
  typed: string;
  active: number;
  onChoose: (row: Row) => void;
  onFill: (text: string) => void;
  onForget: (text: string) => void;
}

/** What was typed, or was taken to be with a typo put right, stays light; what is predicted is bold. */
function Predicted({ text, typed }: { text: string; typed: string }) {
  const at = text.toLowerCase().indexOf(typed.toLowerCase());
  if (!typed || at < 0) return <span>{text}</span>;
  return (
    <span>
      <b>{text.slice(0, at)}</b>
      {text.slice(at, at + typed.length)}
      <b>{text.slice(at + typed.length)}</b>
    </span>
  );
}

export function SuggestionList({ id, rows, typed, active, onChoose, onFill, onForget }: Props) {
  const t = useT();
  const { language } = useLanguage();
  return (
    <ul id={`${id}-list`} role="listbox" aria-label={t("search")} className={styles.rows}>
      {rows.map((row, number) => (
        <li
          key={`${row.kind}-${row.text}-${row.product?.id ?? ""}`}
          id={`${id}-${number}`}
          role="option"
          aria-selected={number === active}
          className={`${styles.row} ${number === active ? styles.active : ""}`}
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onChoose(row)}
        >
          {row.product ? (
            <span className={styles.thumb}>
              <Picture picture={row.product.image} sizes="44px" decorative />
            </span>
          ) : (
            <span className={styles.glyph}>
              <Icon name={row.recent ? "clock" : row.kind === "query" ? "search" : "browse"} size={20} />
            </span>
          )}
          <span className={styles.words}>
            {row.product ? <span>{row.text}</span> : <Predicted text={row.text} typed={row.read_as ?? typed} />}
            {(row.kind === "category" || row.kind === "brand") && <small>{t(`kind.${row.kind}`)}</small>}
          </span>
          {row.product && <span className={styles.cost}>{formatMoney(row.product.sale_price_cents ?? row.product.price_cents, row.product.currency, language)}</span>}
          {row.kind === "query" && (
            // Not a button: an option may hold none. By keyboard, Delete forgets, and the field itself can be typed in.
            <span
              className={styles.fill}
              aria-hidden="true"
              title={t(row.recent ? "search.recent.remove" : "search.fill", { text: row.text })}
              onClick={(event) => {
                event.stopPropagation();
                if (row.recent) onForget(row.text);
                else onFill(`${row.text} `);
              }}
            >
              <Icon name={row.recent ? "close" : "fill"} size={18} />
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
