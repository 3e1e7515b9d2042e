import type { Picture as PictureData } from "../api/types";
import styles from "./Picture.module.css";

const address = (picture: PictureData, width: number, format: string) => picture.src.replace("{w}", String(width)).replace("{f}", format);

interface Props {
  picture: PictureData | undefined | null;
  /** As in `<img sizes>`. */
  sizes: string;
  /** The first pictures of a page load at once, the others when they come near. */
  eager?: boolean;
  /** Beside a text that says the same, a picture needs none. */
  decorative?: boolean;
  /** While the page has no answer: which picture Django puts here before the app runs; a number is a product's. */
  place?: number | string;
}

export function Picture({ picture, sizes, eager = false, decorative = false, place }: Props) {
  if (!picture) return <span className={styles.frame} data-picture={place} data-sizes={place === undefined ? undefined : sizes} />;
  const srcSet = (format: string) => picture.widths.map((width) => `${address(picture, width, format)} ${width}w`).join(", ");
  return (
    <span className={styles.frame} style={{ backgroundColor: picture.color }}>
      <picture>
        {picture.formats.map((format) => (
          <source key={format} type={`image/${format}`} srcSet={srcSet(format)} sizes={sizes} />
        ))}
        <img
          src={address(picture, 320, picture.formats.at(-1) ?? "webp")}
          alt={decorative ? "" : picture.alt}
          width={picture.width}
          height={picture.height}
          loading={eager ? "eager" : "lazy"}
          fetchPriority={eager ? "high" : "auto"}
          decoding={eager ? "sync" : "async"} // the shell has shown it already: not a moment without it
        />
      </picture>
    </span>
  );
}
