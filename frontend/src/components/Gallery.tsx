import { lazy, Suspense, useRef, useState } from "react";
import type { KeyboardEvent } from "react";
import type { Picture as PictureData } from "../api/types";
import { useT } from "../i18n/language";
import buttons from "./Button.module.css";
import styles from "./Gallery.module.css";
import { Icon } from "./Icon";
import { useLayer } from "./layer";
import { Picture } from "./Picture";
import { PictureDots } from "./PictureDots";
import { SIZES } from "./pictureSizes";

const ZoomDialog = lazy(() => import("./ZoomDialog"));

/** A product's pictures: swiped, or stepped by buttons and arrow keys; a tap shows one in full. */
export function Gallery({ pictures }: { pictures: PictureData[] }) {
  const t = useT();
  const strip = useRef<HTMLDivElement>(null);
  const layer = useLayer("pictures");
  const [shown, setShown] = useState(0);
  const count = pictures.length;
  const go = (number: number) => strip.current?.scrollTo({ left: strip.current.clientWidth * number });
  const keys = (event: KeyboardEvent) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0 || layer.open) return;
    event.preventDefault();
    go(Math.min(count - 1, Math.max(0, shown + step)));
  };
  return (
    <section className={styles.gallery} aria-label={t("product.pictures")} onKeyDown={keys}>
      <div
        ref={strip}
        className={styles.strip}
        onScroll={(event) => setShown(Math.round(event.currentTarget.scrollLeft / Math.max(1, event.currentTarget.clientWidth)))}
      >
        {count === 0 && <Picture picture={undefined} sizes={SIZES.product} />}
        {pictures.map((picture, number) => (
          // Only the one in view is a stop for Tab: the others are reached by the buttons and the arrow keys.
          <button key={picture.src} type="button" className={styles.slide} tabIndex={number === shown ? 0 : -1} onClick={layer.show} aria-label={t("product.enlarge", { number: number + 1, count, alt: picture.alt })}>
            <Picture picture={picture} sizes={SIZES.product} eager={number === 0} decorative />
          </button>
        ))}
      </div>
      {count > 1 && (
        <>
          <button type="button" className={`${buttons.icon} ${styles.previous}`} disabled={shown === 0} onClick={() => go(shown - 1)} aria-label={t("product.previous")}>
            <Icon name="back" />
          </button>
          <button type="button" className={`${buttons.icon} ${styles.next}`} disabled={shown === count - 1} onClick={() => go(shown + 1)} aria-label={t("product.next")}>
            <Icon name="next" />
          </button>
          <p className="visually-hidden" role="status">
            {t("product.picture", { number: shown + 1, count })}
          </p>
          <PictureDots pictures={pictures} shown={shown} />
        </>
      )}
      {layer.open && count > 0 && (
        <Suspense>
          <ZoomDialog pictures={pictures} first={shown} onClose={layer.hide} />
        </Suspense>
      )}
    </section>
  );
}
