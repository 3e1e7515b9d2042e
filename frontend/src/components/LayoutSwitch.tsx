import type { Layout } from "../api/types";
import { useT } from "../i18n/language";
import { Icon } from "./Icon";
import styles from "./LayoutSwitch.module.css";

const LAYOUTS: Layout[] = ["list", "card", "grid"];

/** List, cards or grid: three radio buttons that look like icons and have names. */
export function LayoutSwitch({ layout, onChange }: { layout: Layout; onChange: (layout: Layout) => void }) {
  const t = useT();
  return (
    <fieldset className={styles.switch}>
      <legend className="visually-hidden">{t("layout")}</legend>
      {LAYOUTS.map((name) => (
        <label key={name} title={t(`layout.${name}`)}>
          <input type="radio" name="layout" className="visually-hidden" checked={layout === name} onChange={() => onChange(name)} />
          <Icon name={name} size={20} />
          <span className="visually-hidden">{t(`layout.${name}`)}</span>
        </label>
      ))}
    </fieldset>
  );
}
