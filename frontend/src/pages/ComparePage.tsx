import { Link, useSearchParams } from "react-router";
import { useComparison } from "../api/queries";
import type { Comparison } from "../api/types";
import { comparePath, MAX_COMPARED, setCompared, useCompared } from "../compare";
import buttons from "../components/Button.module.css";
import { CompareTable } from "../components/CompareTable";
import { Icon } from "../components/Icon";
import { PageHead } from "../components/PageHead";
import { ShareButton } from "../components/ShareButton";
import { EmptyState, ErrorState } from "../components/States";
import { useT } from "../i18n/language";
import { withParam } from "../searchParams";
import styles from "./ComparePage.module.css";

const idsOf = (text: string) => [...new Set(text.split(",").filter((part) => /^\d{1,15}$/.test(part)).map(Number))];

/** Up to four products side by side. The URL says which, so that the comparison can be sent to somebody. */
export default function ComparePage() {
  const t = useT();
  const [url, setUrl] = useSearchParams();
  const mine = useCompared();
  const asked = idsOf(url.get("ids") ?? "");
  const ids = asked.slice(0, MAX_COMPARED);
  const { data, error, refetch } = useComparison(ids);
  const remove = (id: number) => {
    setCompared(mine.filter((other) => other !== id));
    setUrl(withParam(url, "ids", ids.filter((other) => other !== id).join()), { replace: true, preventScrollReset: true });
  };
  if (ids.length === 0 || data?.products.length === 0) return <NothingToCompare />;
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return (
    <div className={`page ${styles.compare}`}>
      <PageHead title={t("compare")} />
      <header className={styles.head}>
        <h1>{t("compare.title", { count: data?.products.length ?? ids.length })}</h1>
        <ShareButton title={t("compare")} params={`?${url}`} />
      </header>
      {asked.length > MAX_COMPARED && (
        <p role="alert" className={styles.notice}>
          {t("compare.first", { count: MAX_COMPARED })}
        </p>
      )}
      {data && <Compared data={data} missing={ids.filter((id) => !data.products.some((product) => product.id === id)).length} onRemove={remove} />}
    </div>
  );
}

function Compared({ data, missing, onRemove }: { data: Comparison; missing: number; onRemove: (id: number) => void }) {
  const t = useT();
  const [url, setUrl] = useSearchParams();
  const isShort = url.has("differences");
  const rows = isShort ? data.rows.filter((row) => row.differs) : data.rows;
  return (
    <>
      {missing > 0 && <p className={styles.notice}>{t("compare.gone", { count: missing })}</p>}
      {data.products.length > 1 && (
        <label className={styles.switch}>
          <input type="checkbox" role="switch" checked={isShort} onChange={() => setUrl(withParam(url, "differences", isShort ? null : "1"), { replace: true, preventScrollReset: true })} />
          {t("compare.differences")}
        </label>
      )}
      <CompareTable products={data.products} rows={rows} onRemove={onRemove} />
      {rows.length === 0 && <p>{t("compare.same")}</p>}
    </>
  );
}

function NothingToCompare() {
  const t = useT();
  const mine = useCompared();
  return (
    <EmptyState art="compare" title={t("compare.empty")}>
      <p>{t("compare.empty.hint", { count: MAX_COMPARED })}</p>
      {mine.length > 0 ? (
        <Link className={buttons.button} to={comparePath(mine)}>
          {t("compare.count", { count: mine.length })}
        </Link>
      ) : (
        <Link className={buttons.button} to="/search">
          <Icon name="search" />
          {t("cart.start")}
        </Link>
      )}
    </EmptyState>
  );
}
