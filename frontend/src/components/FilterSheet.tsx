import type { Facet, FacetValue } from "../api/types";
import { useT } from "../i18n/language";
import buttons from "./Button.module.css";
import { Facets } from "./Facets";
import styles from "./ResultBar.module.css";
import { Icon } from "./Icon";
import { useLayer } from "./layer";
import { Sheet } from "./Sheet";

interface Props {
  total: number;
  active: number;
  facets: Facet[];
  currency: string;
  onToggle: (facet: Facet, value: FacetValue) => void;
  onChange: (params: URLSearchParams) => void;
  onClear: () => void;
}

/** All filters in a bottom sheet; results change behind it, and its button says how many there are. */
export function FilterSheet({ total, active, facets, currency, onToggle, onChange, onClear }: Props) {
  const t = useT();
  const layer = useLayer("filters");
  return (
    <>
      <button type="button" className={styles.filters} onClick={layer.show}>
        <Icon name="filter" size={20} />
        {t("filters")}
        {active > 0 && (
          <>
            <span className={styles.badge} aria-hidden="true">
              {active}
            </span>
            <span className="visually-hidden">{t("filters.active", { count: active })}</span>
          </>
        )}
      </button>
      <Sheet
        open={layer.open}
        onClose={layer.hide}
        title={t("filters")}
        action={
          active > 0 && (
            <button type="button" className={buttons.link} onClick={onClear}>
              {t("filters.clear")}
            </button>
          )
        }
        footer={
          <button type="button" className={`${buttons.button} ${buttons.wide}`} onClick={layer.hide}>
            {t("filters.show", { count: total })}
          </button>
        }
      >
        <Facets facets={facets} currency={currency} onToggle={onToggle} onChange={onChange} />
      </Sheet>
    </>
  );
}
