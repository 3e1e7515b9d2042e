import { useHome, useProducts } from "../api/queries";
import { useT } from "../i18n/language";
import { seenProducts } from "../storage";
import { Rail } from "./Rail";

const MOST = 12;

/** A way on from a page that has nothing more to say: what was seen last, else what is popular. */
export function MoreToSee() {
  const t = useT();
  const seen = useProducts(seenProducts().slice(0, MOST));
  const { data: home } = useHome();
  if (seen.data && seen.data.length > 0) return <Rail title={t("home.recent")} products={seen.data} />;
  return <Rail title={t("home.popular")} products={home?.popular ?? []} />;
}
