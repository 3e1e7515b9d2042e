import type { Picture } from "../api/types";
import styles from "./PictureDots.module.css";

/** Which of several pictures is shown. Whoever shows them says it to screen readers. */
export function PictureDots({ pictures, shown }: { pictures: Picture[]; shown: number }) {
  return (
    <span className={styles.dots} aria-hidden="true">
      {pictures.map((picture, number) => (
        <span key={picture.src} className={number === shown ? styles.on : styles.off} />
      ))}
    </span>
  );
}
