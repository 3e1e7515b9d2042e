import { useEffect, useState } from "react";
import type { ReactNode } from "react";
import type { Layout, ProductCard } from "../api/types";
import { useLanguage, useT } from "../i18n/language";
import { askPhone } from "../pack/phone";
import buttons from "./Button.module.css";
import { Hits } from "./Hits";
import { HitsSkeleton } from "./HitsSkeleton";
import { Icon } from "./Icon";
import { PageHead } from "./PageHead";
import styles from "./PhoneResults.module.css";

const MOST = 24;

interface Props {
  query: string;
  layout: Layout;
  fallback: ReactNode;
  onRetry: () => void;
}

/** What the phone finds by itself while the store cannot be reached; the fallback where it has no pack. */
export function PhoneResults({ query, layout, fallback, onRetry }: Props) {
  const t = useT();
  const products = usePhoneProducts(query);
  if (products === null) return fallback;
  const hits = products?.map((product, row) => ({ product, position: row + 1, why: null, variants: null, queryId: null }));
  return (
    <div className="page">
      <PageHead title={query} params={`?${new URLSearchParams({ q: query })}`} />
      <h1 className={styles.title}>{t("results.for", { query })}</h1>
      <div className={styles.note} role="status">
        <Icon name="offline" size={20} />
        <p>{hits ? t(hits.length ? "results.phone" : "results.phone.none") : t("results.loading")}</p>
        <button type="button" className={buttons.link} onClick={onRetry}>
          {t("error.retry")}
        </button>
      </div>
      {hits && hits.length > 0 && <h2 className="visually-hidden">{t("results")}</h2>}
      {hits ? <Hits hits={hits} layout={layout} /> : <HitsSkeleton layout={layout} />}
    </div>
  );
}

/** Undefined until the phone has answered; null where it cannot. */
function usePhoneProducts(query: string): ProductCard[] | null | undefined {
  const { language } = useLanguage();
  const [found, setFound] = useState<{ query: string; products: ProductCard[] | null } | null>(null);
  useEffect(() => {
    let isAsked = true;
    void askPhone(query, language, MOST).then((products) => {
      if (isAsked) setFound({ query, products });
    });
    return () => {
      isAsked = false;
    };
  }, [query, language]);
  return found?.query === query ? found.products : undefined;
}
