import { Link } from "react-router";
import type { Category } from "../api/types";
import { Picture } from "./Picture";
import styles from "./ProductTypes.module.css";

/** The product types of a department, to go one level deeper. */
export function ProductTypes({ types }: { types: Category[] }) {
  return (
    <ul className={styles.types}>
      {types.map((type) => (
        <li key={type.slug}>
          <Link to={`/category/${type.slug}`}>
            <span className={styles.art}>
              <Picture picture={type.image} sizes="64px" decorative />
            </span>
            {type.name}
          </Link>
        </li>
      ))}
    </ul>
  );
}
