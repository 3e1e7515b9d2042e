import { formatMoney, useLanguage, useT } from "../i18n/language";
import { Icon } from "./Icon";
import type { IconName } from "./Icon";
import { Picture } from "./Picture";
import styles from "./SearchBox.module.css";
import type { Row } from "./suggestionRows";

interface Props {
  id: string;
  row: Row;
  typed: string;
  isActive: boolean;
  onChoose: (row: Row) => void;
  onFill: (text: string) => void;
  onForget: (text: string) => void;
}

const isSearch = ({ kind }: Row) => kind === "query" || kind === "type" || kind === "department";
const glyph = (row: Row): IconName => (row.recent ? "clock" : isSearch(row) ? "search" : "browse");

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

/** The small line that says what kind of row it is. */
function Kind({ row }: { row: Row }) {
  const t = useT();
  if (row.kind !== "category" && row.kind !== "brand" && row.kind !== "department") return null;
  return <small> {t(`kind.${row.kind}`, { name: row.department ?? "" })}</small>;
}

export function SuggestionRow({ id, row, typed, isActive, onChoose, onFill, onForget }: Props) {
  const t = useT();
  const { language } = useLanguage();
  const forgets = row.recent && !typed;
  return (
    <div
      id={id}
      role="option"
      aria-selected={isActive}
      className={`${styles.row} ${isActive ? styles.active : ""}`}
      onPointerDown={(event) => event.preventDefault()} // the field keeps the focus
      onClick={() => onChoose(row)}
    >
      {row.product ? (
        <span className={styles.thumb}>
          <Picture picture={row.product.image} sizes="44px" decorative />
        </span>
      ) : (
        <span className={styles.glyph}>
          <Icon name={glyph(row)} size={20} />
        </span>
      )}
      <span className={styles.words}>
        {row.product ? <span>{row.text}</span> : <Predicted text={row.text} typed={row.read_as ?? typed} />}
        <Kind row={row} />
      </span>
      {row.product && <span className={styles.cost}>{formatMoney(row.product.sale_price_cents ?? row.product.price_cents, row.product.currency, language)}</span>}
      {(row.kind === "query" || row.kind === "type") && (
        // Not a button: an option may hold none. By keyboard, Delete forgets, and the field itself can be typed in.
        <span
          className={styles.fill}
          aria-hidden="true"
          title={t(forgets ? "search.recent.remove" : "search.fill", { text: row.text })}
          onClick={(event) => {
            event.stopPropagation();
            if (forgets) onForget(row.text);
            else onFill(`${row.text} `);
          }}
        >
          <Icon name={forgets ? "close" : "fill"} size={18} />
        </span>
      )}
    </div>
  );
}
