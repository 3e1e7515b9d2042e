import { useEffect, useId, useRef, useState } from "react";
import type { FormEvent, KeyboardEvent } from "react";
import { useHref, useLocation, useNavigate, useSearchParams } from "react-router";
import { useSuggestions } from "../api/queries";
import type { Suggestion } from "../api/types";
import { useT } from "../i18n/language";
import { forgetSearch, recentSearches, rememberSearch } from "../storage";
import buttons from "./Button.module.css";
import { Icon } from "./Icon";
import { useLayer } from "./layer";
import styles from "./SearchBox.module.css";
import { SuggestionList } from "./SuggestionList";
import type { Row } from "./SuggestionList";

const DEBOUNCE_MS = 120;
const MOST_ROWS = 8;

const isSuggested = (suggestion: Suggestion): Row => ({ ...suggestion, recent: false });

/** The field on top of every page. On a phone focus opens a full-screen layer, which Back or Cancel closes. */
export function SearchBox() {
  const t = useT();
  const id = useId();
  const navigate = useNavigate();
  const location = useLocation();
  const [params] = useSearchParams();
  const layer = useLayer("search");
  const action = useHref("/search"); // for as long as the app does not run
  const inUrl = location.pathname === "/search" ? (params.get("q") ?? "") : "";
  const [text, setText] = useState(inUrl);
  const [asked, setAsked] = useState(inUrl);
  const [active, setActive] = useState(-1);
  const [recent, setRecent] = useState(recentSearches);
  const [composing, setComposing] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const [shownFor, setShownFor] = useState(inUrl);
  if (shownFor !== inUrl) {
    setShownFor(inUrl); // the URL is the state: Back brings the older query into the field
    setText(inUrl);
  }
  useEffect(() => {
    if (composing) return undefined; // half a Chinese word is letters that mean nothing
    const timer = setTimeout(() => setAsked(text.trim()), DEBOUNCE_MS);
    return () => clearTimeout(timer);
  }, [text, composing]);
  const { data } = useSuggestions(asked, layer.open);
  const typed = text.trim();
  const suggested = (data?.suggestions ?? []).map(isSuggested);
  const remembered = recent.map((query): Row => ({ kind: "query", text: query, recent: true }));
  const rows = (typed ? suggested : [...remembered, ...suggested.filter((row) => !recent.includes(row.text))]).slice(0, MOST_ROWS);

  const leave = () => {
    setActive(-1);
    field.current?.blur();
  };
  const search = (query: string) => {
    leave();
    if (!query) return;
    rememberSearch(query);
    setRecent(recentSearches());
    setText(query);
    void navigate(`/search?q=${encodeURIComponent(query)}`, { replace: layer.open });
  };
  const choose = (row: Row) => {
    if (row.kind === "query") return search(row.text);
    leave();
    const to = row.product ? `/product/${row.product.id}` : row.slug ? `/category/${row.slug}` : `/search?q=&brand=${encodeURIComponent(row.text)}`;
    void navigate(to, { replace: true });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const row = rows[active];
    if (row) choose(row);
    else search(typed);
  };
  const keys = (event: KeyboardEvent) => {
    if (composing || event.nativeEvent.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const places = rows.length + 1; // the rows, and the field itself as -1
      const step = event.key === "ArrowDown" ? 1 : -1;
      setActive((now) => ((now + 1 + step + places) % places) - 1);
    } else if (event.key === "Delete" && rows[active]?.recent) {
      event.preventDefault();
      forget(rows[active].text);
    } else if (event.key === "Escape") {
      leave();
      layer.hide();
    }
  };
  const forget = (query?: string) => {
    forgetSearch(query);
    setRecent(recentSearches());
    setActive(-1);
  };
  const edit = (value: string) => {
    setText(value);
    setActive(-1);
  };
  const current = active >= 0 && active < rows.length ? `${id}-${active}` : undefined;
  return (
    <div className={layer.open ? styles.open : styles.closed}>
      <form role="search" action={action} className={styles.form} onSubmit={submit}>
        <button type="button" className={`${buttons.icon} ${styles.cancel}`} onClick={layer.hide} aria-label={t("search.cancel")}>
          <Icon name="back" />
        </button>
        <div className={styles.field}>
          <input
            ref={field}
            name="q"
            type="text"
            role="combobox"
            aria-label={t("search")}
            aria-expanded={layer.open && rows.length > 0}
            aria-controls={`${id}-list`}
            aria-activedescendant={current}
            aria-autocomplete="list"
            placeholder={t("search.placeholder")}
            enterKeyHint="search"
            autoComplete="off"
            autoCapitalize="off"
            autoCorrect="off"
            spellCheck={false}
            maxLength={200}
            value={text}
            onFocus={layer.show}
            onClick={layer.show}
            onChange={(event) => edit(event.target.value)}
            onCompositionStart={() => setComposing(true)}
            onCompositionEnd={() => setComposing(false)}
            onKeyDown={keys}
          />
          {text && (
            <button
              type="button"
              className={buttons.icon}
              aria-label={t("search.clear")}
              onClick={() => {
                edit("");
                field.current?.focus();
              }}
            >
              <Icon name="close" size={18} />
            </button>
          )}
          <button type="submit" className={styles.submit} aria-label={t("search")}>
            <Icon name="search" size={20} />
          </button>
        </div>
      </form>
      {layer.open && (
        <>
          <div className={styles.shade} onClick={layer.hide} />
          <div className={styles.panel}>
            <p className="visually-hidden" role="status">
              {typed ? t("search.suggestions", { count: rows.length }) : ""}
            </p>
            {!typed && recent.length === 0 && rows.length > 0 && (
              <div className={styles.head}>
                <h2>{t("search.popular")}</h2>
              </div>
            )}
            {!typed && recent.length > 0 && (
              <div className={styles.head}>
                <h2>{t("search.recent")}</h2>
                <button type="button" className={buttons.link} onClick={() => forget()}>
                  {t("search.recent.clear")}
                </button>
              </div>
            )}
            <SuggestionList id={id} rows={rows} typed={typed} active={active} onChoose={choose} onFill={edit} onForget={forget} />
          </div>
        </>
      )}
    </div>
  );
}
