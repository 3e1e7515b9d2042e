import { useEffect, useId, useRef, useState } from "react";
import type { FormEvent, KeyboardEvent } from "react";
import { useHref, useNavigate, useSearchParams } from "react-router";
import { useT } from "../i18n/language";
import { forgetSearch, recentSearches, rememberSearch } from "../storage";
import buttons from "./Button.module.css";
import { Icon } from "./Icon";
import { inertAround } from "./inertAround";
import { useLayer } from "./layer";
import styles from "./SearchBox.module.css";
import { SearchField } from "./SearchField";
import { SearchPanel } from "./SearchPanel";
import { keyOf } from "./suggestionRows";
import type { Row } from "./suggestionRows";
import { useSuggestionRows } from "./useSuggestionRows";

const IME_KEY = 229; // Safari's Enter that only ends a composition has this code, and comes after the composition's end

const isPhone = () => window.matchMedia("(max-width: 799px)").matches;

const pathOf = (row: Row) => {
  if (row.product) return `/product/${row.product.id}`;
  if (row.kind === "department") return `/search?q=${encodeURIComponent(row.text)}&category=${row.slug}`;
  return row.slug ? `/category/${row.slug}` : `/search?q=&brand=${encodeURIComponent(row.text)}`;
};

/** The field on top of every page. On a phone focus opens a full-screen layer, which Back or Cancel closes. */
export function SearchBox() {
  const t = useT();
  const id = useId();
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const layer = useLayer("search");
  const action = useHref("/search"); // for as long as the app does not run
  const inUrl = params.get("q") ?? "";
  const [text, setText] = useState(inUrl);
  const [activeKey, setActiveKey] = useState<string | null>(null);
  const [recent, setRecent] = useState(recentSearches);
  const [composing, setComposing] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const [shownFor, setShownFor] = useState(inUrl);
  if (shownFor !== inUrl) {
    setShownFor(inUrl); // the URL is the state: Back brings the older query into the field
    setText(inUrl);
  }
  const rows = useSuggestionRows({ text, recent, composing, open: layer.open });
  const active = rows.findIndex((row) => keyOf(row) === activeKey); // the row stays marked where an answer moves it
  useEffect(() => {
    if (!layer.open || !box.current || !isPhone()) return undefined;
    const [restore, input] = [inertAround(box.current), field.current];
    return () => {
      restore();
      input?.blur(); // the keyboard goes with the layer
    };
  }, [layer.open]);

  const edit = (value: string) => {
    setText(value);
    setActiveKey(null);
  };
  const leave = () => {
    setActiveKey(null);
    field.current?.blur();
  };
  const remember = (query: string) => {
    rememberSearch(query);
    setRecent(recentSearches());
    setText(query);
  };
  const search = (query: string) => {
    leave();
    if (!query) return;
    remember(query);
    void navigate(`/search?q=${encodeURIComponent(query)}`, { replace: layer.open });
  };
  const choose = (row: Row) => {
    if (row.kind === "query" || row.kind === "type") return search(row.text);
    leave();
    if (row.kind === "department") remember(row.text);
    void navigate(pathOf(row), { replace: true });
  };
  const forget = (query?: string) => {
    forgetSearch(query);
    setRecent(recentSearches());
    setActiveKey(null);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const row = rows[active];
    if (row && layer.open) choose(row);
    else search(text.trim());
  };
  const move = (step: 1 | -1) => {
    layer.show();
    const places = rows.length + 1; // the rows, and the field itself as -1
    const next = rows[((active + 1 + step + places) % places) - 1];
    setActiveKey(next ? keyOf(next) : null);
  };
  const keys = (event: KeyboardEvent) => {
    const isIme = composing || event.nativeEvent.isComposing || event.keyCode === IME_KEY;
    if (isIme) {
      if (event.key === "Enter") event.preventDefault();
      return;
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Delete" && rows[active]?.recent) {
      event.preventDefault();
      forget(rows[active].text);
    } else if (event.key === "Escape") {
      if (layer.open) layer.hide();
      else edit("");
    }
  };
  const heard = (words: string, isFinal: boolean) => {
    if (isFinal) search(words);
    else edit(words);
  };
  /** Tab leads out of the box: the rows go with the focus. */
  const left = (event: KeyboardEvent) => {
    if (event.key !== "Tab" || !layer.open) return;
    setTimeout(() => {
      if (!box.current?.contains(document.activeElement)) layer.hide();
    });
  };
  return (
    <div ref={box} className={layer.open ? styles.open : styles.closed} onKeyDown={left}>
      <form role="search" action={action} className={styles.form} onSubmit={submit}>
        <button type="button" className={`${buttons.icon} ${styles.cancel}`} onClick={layer.hide} aria-label={t("search.cancel")}>
          <Icon name="back" />
        </button>
        <SearchField
          ref={field}
          listId={`${id}-list`}
          activeId={layer.open && active >= 0 ? `${id}-${active}` : undefined}
          expanded={layer.open && rows.length > 0}
          text={text}
          onText={(value) => {
            edit(value);
            layer.show();
          }}
          onShow={layer.show}
          onComposing={setComposing}
          onKeyDown={keys}
          onHeard={heard}
        />
      </form>
      {layer.open && (
        <>
          <div className={styles.shade} onClick={layer.hide} />
          <SearchPanel id={id} rows={rows} typed={text.trim()} active={active} onChoose={choose} onFill={edit} onForget={forget} />
        </>
      )}
    </div>
  );
}
