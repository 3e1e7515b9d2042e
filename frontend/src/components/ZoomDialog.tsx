import { useLayoutEffect, useRef, useState } from "react";
import type { CSSProperties, KeyboardEvent } from "react";
import type { Picture as PictureData } from "../api/types";
import { useT } from "../i18n/language";
import buttons from "./Button.module.css";
import { Icon } from "./Icon";
import { Picture } from "./Picture";
import { MOST_ZOOM, TAP_ZOOM, useZoom } from "./useZoom";
import styles from "./ZoomDialog.module.css";

interface Props {
  pictures: PictureData[];
  first: number;
  onClose: () => void;
}

/** A picture as large as the screen: tapped or pinched it grows, and is moved about by scrolling. */
export default function ZoomDialog({ pictures, first, onClose }: Props) {
  const t = useT();
  const dialog = useRef<HTMLDialogElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const [shown, setShown] = useState(first);
  const { scale, zoom } = useZoom(frame);
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close(); // before it is taken away: that gives the focus back
  }, []);
  const turn = (step: 1 | -1) => {
    const next = shown + step;
    if (next < 0 || next >= pictures.length) return;
    zoom(1);
    setShown(next);
  };
  const keys = (event: KeyboardEvent) => {
    if (scale === 1 && event.key === "ArrowLeft") turn(-1);
    else if (scale === 1 && event.key === "ArrowRight") turn(1);
    else if (event.key === "+" || event.key === "=") zoom(scale * 1.5);
    else if (event.key === "-") zoom(scale / 1.5);
  };
  const title = t("product.picture", { number: shown + 1, count: pictures.length });
  return (
    <dialog
      ref={dialog}
      className={styles.dialog}
      aria-label={t("product.pictures")}
      onKeyDown={keys}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div ref={frame} className={`${styles.frame} ${scale > 1 ? styles.zoomed : ""}`} tabIndex={0} role="group" aria-label={title}>
        <div className={styles.picture} style={{ "--scale": scale } as CSSProperties} onClick={(event) => zoom(scale > 1 ? 1 : TAP_ZOOM, event.clientX, event.clientY)}>
          <Picture key={shown} picture={pictures[shown]} sizes={`${Math.round(scale * 100)}vw`} eager />
        </div>
      </div>
      <button type="button" className={`${buttons.icon} ${styles.close}`} onClick={onClose} aria-label={t("close")}>
        <Icon name="close" />
      </button>
      <div className={styles.tools}>
        <button type="button" className={buttons.icon} disabled={scale <= 1} onClick={() => zoom(scale / 1.5)} aria-label={t("product.zoom.out")}>
          <Icon name="minus" />
        </button>
        {pictures.length > 1 && (
          <>
            <button type="button" className={buttons.icon} disabled={shown === 0} onClick={() => turn(-1)} aria-label={t("product.previous")}>
              <Icon name="back" />
            </button>
            <p role="status" aria-label={title}>
              {shown + 1} / {pictures.length}
            </p>
            <button type="button" className={buttons.icon} disabled={shown === pictures.length - 1} onClick={() => turn(1)} aria-label={t("product.next")}>
              <Icon name="next" />
            </button>
          </>
        )}
        <button type="button" className={buttons.icon} disabled={scale >= MOST_ZOOM} onClick={() => zoom(scale * 1.5)} aria-label={t("product.zoom.in")}>
          <Icon name="plus" />
        </button>
      </div>
    </dialog>
  );
}
