import { useState } from "react";
import type { MouseEvent } from "react";
import type { Picture as PictureData } from "../api/types";
import { useT } from "../i18n/language";
import { Picture } from "./Picture";
import { PictureDots } from "./PictureDots";
import styles from "./Swipe.module.css";

interface Props {
  pictures: PictureData[];
  sizes: string;
  eager: boolean;
}

/** A tile's pictures side by side, to be swiped without opening the product; a tap opens it, as on all of the tile. */
export function Swipe({ pictures, sizes, eager }: Props) {
  const t = useT();
  const [shown, setShown] = useState(0);
  const open = (event: MouseEvent<HTMLElement>) => event.currentTarget.closest("article")?.querySelector("a")?.click();
  if (pictures.length < 2) return <Picture picture={pictures[0]} sizes={sizes} eager={eager} decorative />;
  return (
    <>
      <div
        className={styles.strip}
        role="group"
        aria-label={t("product.pictures")}
        tabIndex={0}
        onClick={open}
        onScroll={(event) => setShown(Math.round(event.currentTarget.scrollLeft / Math.max(1, event.currentTarget.clientWidth)))}
      >
        {pictures.map((picture, number) => (
          <Picture key={picture.src} picture={picture} sizes={sizes} eager={eager && number === 0} decorative />
        ))}
      </div>
      <PictureDots pictures={pictures} shown={shown} />
    </>
  );
}
