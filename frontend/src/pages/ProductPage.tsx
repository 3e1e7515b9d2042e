import { useEffect, useRef, useState } from "react";
import { Link, useLocation, useParams } from "react-router";
import { ApiError } from "../api/client";
import { logEvent } from "../api/events";
import { useProduct } from "../api/queries";
import type { ProductDetail } from "../api/types";
import { AddButton } from "../components/AddButton";
import buttons from "../components/Button.module.css";
import { Gallery } from "../components/Gallery";
import { Icon } from "../components/Icon";
import { PageHead } from "../components/PageHead";
import { Picture } from "../components/Picture";
import { SIZES } from "../components/pictureSizes";
import { Price } from "../components/Price";
import { Rail } from "../components/Rail";
import { Stars } from "../components/Stars";
import { ErrorState } from "../components/States";
import { useToast } from "../components/toast";
import { useT } from "../i18n/language";
import { rememberSeen } from "../storage";
import NotFoundPage from "./NotFoundPage";
import styles from "./ProductPage.module.css";

interface Origin {
  queryId?: string | null;
  position?: number | null;
}

export default function ProductPage() {
  const { id = "" } = useParams();
  const { data, error, refetch } = useProduct(id);
  if (error instanceof ApiError && error.status === 404) return <NotFoundPage />;
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  return <Product key={data.id} product={data} />;
}

function Loading() {
  return (
    <div className={`page ${styles.product}`} aria-hidden="true">
      <div className={styles.blank}>
        <Picture picture={undefined} sizes={SIZES.product} place={0} />
      </div>
      <div className={styles.facts} />
    </div>
  );
}

function Product({ product }: { product: ProductDetail }) {
  const t = useT();
  const { queryId = null, position = null } = (useLocation().state as Origin | null) ?? {};
  const buy = useRef<HTMLDivElement>(null);
  const [away, setAway] = useState(false);
  useEffect(() => {
    rememberSeen(product.id);
    logEvent("view", product.id, queryId, position);
  }, [product.id, queryId, position]);
  useEffect(() => {
    if (!buy.current) return undefined;
    const watcher = new IntersectionObserver(([entry]) => setAway(!entry?.isIntersecting));
    watcher.observe(buy.current);
    return () => watcher.disconnect();
  }, []);
  const price = <Price cents={product.price_cents} saleCents={product.sale_price_cents} currency={product.currency} large />;
  return (
    <>
      <PageHead title={product.title} indexed />
      <nav className={`page ${styles.crumbs}`} aria-label={t("product.path")}>
        {product.breadcrumbs.map((crumb) => (
          <Link key={crumb.slug} to={`/category/${crumb.slug}`}>
            {crumb.name}
          </Link>
        ))}
      </nav>
      <article className={`page ${styles.product}`}>
        <Gallery pictures={product.images} />
        <div className={styles.facts}>
          <div className={styles.head}>
            <Link className={styles.brand} to={`/search?q=&brand=${encodeURIComponent(product.brand)}`}>
              {product.brand}
            </Link>
            <Share title={product.title} />
          </div>
          <h1>{product.title}</h1>
          <Stars rating={product.rating_average} count={product.rating_count} long />
          {price}
          <p className={product.stock_status === "in_stock" ? styles.stock : styles.low}>
            {product.stock_status === "in_stock" && `${t("product.in_stock")} · ${t("product.delivery")}`}
            {product.stock_status === "low_stock" && `${t("product.low", { count: product.stock_left ?? 0 })} · ${t("product.delivery")}`}
            {product.stock_status === "out_of_stock" && t("product.out")}
          </p>
          <div ref={buy}>
            <AddButton product={product} className={`${buttons.button} ${buttons.wide}`} queryId={queryId} position={position} label />
          </div>
          <p className={styles.description}>{product.description}</p>
          <h2>{t("product.details")}</h2>
          <dl className={styles.details}>
            {product.attributes.map((fact) => (
              <div key={fact.key}>
                <dt>{fact.label}</dt>
                <dd>{fact.value}</dd>
              </div>
            ))}
          </dl>
        </div>
      </article>
      <Rail title={t("product.similar")} products={product.similar} />
      {away && (
        <div className={styles.bar}>
          <div className="page">
            {price}
            <AddButton product={product} className={buttons.button} queryId={queryId} position={position} label />
          </div>
        </div>
      )}
    </>
  );
}

function Share({ title }: { title: string }) {
  const t = useT();
  const toast = useToast();
  const share = async () => {
    try {
      if (navigator.share) await navigator.share({ title, url: location.href });
      else {
        await navigator.clipboard.writeText(location.href);
        toast(t("product.copied"));
      }
    } catch {
      // The shopper closed the share sheet, or forbade the clipboard: nothing to do.
    }
  };
  return (
    <button type="button" className={buttons.icon} onClick={() => void share()} aria-label={t("product.share")}>
      <Icon name="share" />
    </button>
  );
}
