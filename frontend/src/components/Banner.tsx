import { Link } from "react-router";
import type { SearchResponse } from "../api/types";
import { targetOf } from "../links";
import styles from "./Banner.module.css";

/** What the merchant says about these results, above them; all of it is the link, if there is one. */
export function Banner({ banner }: { banner: NonNullable<SearchResponse["banner"]> }) {
  const target = banner.link ? targetOf(banner.link) : null;
  const words = (
    <>
      <strong>{banner.title}</strong>{" "}
      {banner.text && <span>{banner.text}</span>}
    </>
  );
  if (target?.isOurs) return <Link className={styles.banner} to={target.href}>{words}</Link>;
  return target ? <a className={styles.banner} href={target.href}>{words}</a> : <p className={styles.banner}>{words}</p>;
}
