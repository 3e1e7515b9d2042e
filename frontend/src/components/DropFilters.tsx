import { Link } from "react-router";
import type { DroppableFilter } from "../api/types";
import { useT } from "../i18n/language";
import chips from "./Chips.module.css";
import styles from "./DropFilters.module.css";

interface Props {
  drop: DroppableFilter[];
  /** The address of the same search without that filter. */
  linkWithout: (key: string) => string;
}

/** Which filter to drop where hardly anything is left, with what that gives: one tap each. */
export function DropFilters({ drop, linkWithout }: Props) {
  const t = useT();
  if (drop.length === 0) return null;
  return (
    <ul className={styles.drops} aria-label={t("drop")}>
      {drop.map((one) => (
        <li key={one.key}>
          <Link className={`${chips.chip} ${styles.drop}`} to={linkWithout(one.key)}>
            {t("drop.one", { name: one.label, count: one.count })}
          </Link>
        </li>
      ))}
    </ul>
  );
}
