import { useEffect, useRef, useState } from "react";
import { Link, useLocation, useParams } from "react-router";
import { ApiError } from "../api/client";
import { logEvent } from "../api/events";
import { useProduct } from "../api/queries";
import type { ProductDetail } from "../api/types";
import { AddButton } from "../components/AddButton";
import { BuyBar } from "../components/BuyBar";
import buttons from "../components/Button.module.css";
import { CompareBar } from "../components/CompareBar";
import { CompareToggle } from "../components/CompareToggle";
import { DeliveryNote } from "../components/DeliveryNote";
import { Gallery } from "../components/Gallery";
import { PageHead } from "../components/PageHead";
import { Picture } from "../components/Picture";
import { SIZES } from "../components/pictureSizes";
import { Price } from "../components/Price";
import { Rail } from "../components/Rail";
import { RatingSummary } from "../components/RatingSummary";
import { ShareButton } from "../components/ShareButton";
import { Specifications } from "../components/Specifications";
import { Stars } from "../components/Stars";
import { ErrorState } from "../components/States";
import { VariantChoice } from "../components/VariantChoice";
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
  const { state } = useLocation();
  const [{ queryId = null, position = null }] = useState<Origin>((state as Origin | null) ?? {}); // a layer's entry has another state
  const buy = useRef<HTMLDivElement>(null);
  const similar = useRef<HTMLDivElement>(null);
  useEffect(() => {
    rememberSeen(product.id);
    logEvent("view", product.id, queryId, position);
  }, [product.id, queryId, position]);
  const add = (className: string) => <AddButton product={product} className={className} queryId={queryId} position={position} label />;
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
            <CompareToggle product={product} className={styles.compare} />
            <ShareButton title={product.title} />
          </div>
          <h1>{product.title}</h1>
          <Stars rating={product.rating_average} count={product.rating_count} long />
          <Price cents={product.price_cents} saleCents={product.sale_price_cents} currency={product.currency} large />
          <VariantChoice product={product} />
          <div ref={buy}>{add(`${buttons.button} ${buttons.wide}`)}</div>
          <CompareBar inPage />
          <DeliveryNote product={product} onSimilar={() => similar.current?.scrollIntoView()} />
          {product.description && (
            <section>
              <h2>{t("product.about")}</h2>
              <p className={styles.description}>{product.description}</p>
            </section>
          )}
          <Specifications product={product} />
          <RatingSummary product={product} />
        </div>
      </article>
      <div ref={similar} className={styles.similar}>
        <Rail title={t("product.similar")} products={product.similar} />
      </div>
      <BuyBar product={product} button={buy}>
        {add(buttons.button ?? "")}
      </BuyBar>
    </>
  );
}
