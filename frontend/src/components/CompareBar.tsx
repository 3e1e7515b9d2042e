import { Link } from "react-router";
import { useProducts } from "../api/queries";
import { comparePath, setCompared, useCompared } from "../compare";
import { useT } from "../i18n/language";
import buttons from "./Button.module.css";
import styles from "./CompareBar.module.css";
import { Icon } from "./Icon";
import { Picture } from "./Picture";

/** What is chosen to be compared, within reach of the thumb or, where another button belongs there, in the page. */
export function CompareBar({ inPage = false }: { inPage?: boolean }) {
  const t = useT();
  const ids = useCompared();
  const { data = [] } = useProducts(ids);
  if (ids.length === 0) return null;
  const pictures = ids.map((id) => data.find((product) => product.id === id)?.images[0]);
  return (
    <section className={inPage ? styles.inPage : styles.place} aria-label={t("compare")}>
      <div className={styles.bar}>
        <span className={styles.pictures}>
          {pictures.map((picture, number) => (
            <Picture key={ids[number]} picture={picture} sizes="40px" decorative />
          ))}
        </span>
        {ids.length > 1 ? (
          <Link className={inPage ? buttons.quiet : buttons.button} to={comparePath(ids)}>
            {t("compare.count", { count: ids.length })}
          </Link>
        ) : (
          <p>{t("compare.one_more")}</p>
        )}
        <button type="button" className={buttons.icon} aria-label={t("compare.clear")} onClick={() => setCompared([])}>
          <Icon name="close" />
        </button>
      </div>
    </section>
  );
}
