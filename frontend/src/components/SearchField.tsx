import { lazy, Suspense, useState } from "react";
import type { KeyboardEvent, RefObject } from "react";
import { useT } from "../i18n/language";
import buttons from "./Button.module.css";
import { Icon } from "./Icon";
import styles from "./SearchBox.module.css";
import { recognition } from "./voice";

const VoiceButton = lazy(() => import("./VoiceButton"));

interface Props {
  ref: RefObject<HTMLInputElement | null>;
  listId: string;
  activeId: string | undefined;
  expanded: boolean;
  text: string;
  onText: (text: string) => void;
  onShow: () => void;
  onComposing: (composing: boolean) => void;
  onKeyDown: (event: KeyboardEvent) => void;
  onHeard: (text: string, isFinal: boolean) => void;
}

/** The combobox itself (ARIA APG: list autocomplete with manual selection) with its buttons: clear or speak, and search. */
export function SearchField({ ref, listId, activeId, expanded, text, onText, onShow, onComposing, onKeyDown, onHeard }: Props) {
  const t = useT();
  const [listening, setListening] = useState(false);
  const speaks = recognition() !== null && (listening || !text);
  const clear = () => {
    onText("");
    ref.current?.focus();
  };
  return (
    <div className={styles.field}>
      <input
        ref={ref}
        name="q"
        type="text"
        role="combobox"
        aria-label={t("search")}
        aria-expanded={expanded}
        aria-controls={listId}
        aria-activedescendant={activeId}
        aria-autocomplete="list"
        placeholder={t(listening ? "voice.listening" : "search.placeholder")}
        enterKeyHint="search"
        autoComplete="off"
        autoCapitalize="off"
        autoCorrect="off"
        spellCheck={false}
        maxLength={200}
        value={text}
        onClick={onShow} // not by Tab: whoever only passes by wants no layer
        onChange={(event) => onText(event.target.value)}
        onCompositionStart={() => onComposing(true)}
        onCompositionEnd={() => onComposing(false)}
        onKeyDown={onKeyDown}
      />
      {speaks && (
        <Suspense>
          <VoiceButton listening={listening} onListening={setListening} onHeard={onHeard} />
        </Suspense>
      )}
      {text && !listening && (
        <button type="button" className={buttons.icon} aria-label={t("search.clear")} onClick={clear}>
          <Icon name="close" size={18} />
        </button>
      )}
      <button type="submit" className={styles.submit} aria-label={t("search")}>
        <Icon name="search" size={20} />
      </button>
    </div>
  );
}
