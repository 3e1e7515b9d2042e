import { useEffect, useRef } from "react";
import { useLanguage, useT } from "../i18n/language";
import buttons from "./Button.module.css";
import { Icon } from "./Icon";
import styles from "./SearchBox.module.css";
import { useToast } from "./toast";
import { recognition } from "./voice";
import type { Recognition } from "./voice";

interface Props {
  listening: boolean;
  onListening: (listening: boolean) => void;
  /** What was understood so far; `isFinal` once the shopper has paused. */
  onHeard: (text: string, isFinal: boolean) => void;
}

const SPOKEN = { en: "en-US", zh: "zh-CN" };
const REASONS = { "not-allowed": "voice.denied", "service-not-allowed": "voice.denied", "no-speech": "voice.silent" } as const;

/** Listens in the shopper's language; a second press stops it. Only shown where the browser can. */
export default function VoiceButton({ listening, onListening, onHeard }: Props) {
  const t = useT();
  const toast = useToast();
  const { language } = useLanguage();
  const running = useRef<Recognition>(null);
  useEffect(() => () => running.current?.abort(), []);
  const listen = () => {
    const Listener = recognition();
    if (!Listener) return;
    const listener = new Listener();
    running.current = listener;
    listener.lang = SPOKEN[language];
    listener.interimResults = true;
    listener.onresult = ({ results }) => {
      const parts = Array.from(results);
      onHeard(parts.map((part) => part[0]?.transcript ?? "").join(" ").trim(), parts.every((part) => part.isFinal));
    };
    listener.onerror = ({ error }) => {
      if (error !== "aborted") toast(t(REASONS[error as keyof typeof REASONS] ?? "voice.failed"));
    };
    listener.onend = () => onListening(false);
    listener.start();
    onListening(true);
  };
  return (
    <button
      type="button"
      className={`${buttons.icon} ${listening ? styles.listening : ""}`}
      aria-label={t(listening ? "voice.stop" : "voice")}
      aria-pressed={listening}
      onClick={() => (listening ? running.current?.abort() : listen())}
    >
      <Icon name="microphone" size={20} />
    </button>
  );
}
