import { useRef, useState } from "react";
import type { Picture as PictureData } from "../api/types";
import { useT } from "../i18n/language";
import buttons from "./Button.module.css";
import styles from "./Gallery.module.css";
import { Icon } from "./Icon";
import { Picture } from "./Picture";
import { SIZES } from "./pictureSizes";

/** A product's pictures: swiped on a phone, stepped by buttons elsewhere. */
export function Gallery({ pictures }: { pictures: PictureData[] }) {
  const t = useT();
  const strip = useRef<HTMLDivElement>(null);
  const [shown, setShown] = useState(0);
  const go = (number: number) => strip.current?.scrollTo({ left: strip.current.clientWidth * number, behavior: "smooth" });
  return (
    <section className={styles.gallery} aria-label={t("product.pictures")}>
      <div
        ref={strip}
        className={styles.strip}
        tabIndex={0}
        onScroll={(event) => setShown(Math.round(event.currentTarget.scrollLeft / Math.max(1, event.currentTarget.clientWidth)))}
      >
        {(pictures.length ? pictures : [undefined]).map((picture, number) => (
          <Picture key={picture?.src ?? number} picture={picture} sizes={SIZES.product} eager={number === 0} />
        ))}
      </div>
      {pictures.length > 1 && (
        <>
          <button type="button" className={`${buttons.icon} ${styles.previous}`} disabled={shown === 0} onClick={() => go(shown - 1)} aria-label={t("product.previous")}>
            <Icon name="back" />
          </button>
          <button type="button" className={`${buttons.icon} ${styles.next}`} disabled={shown === pictures.length - 1} onClick={() => go(shown + 1)} aria-label={t("product.next")}>
            <Icon name="next" />
          </button>
          <p className={styles.dots}>
            <span className="visually-hidden">{t("product.picture", { number: shown + 1, count: pictures.length })}</span>
            {pictures.map((picture, number) => (
              <span key={picture.src} aria-hidden="true" className={number === shown ? styles.on : styles.off} />
            ))}
          </p>
        </>
      )}
    </section>
  );
}
