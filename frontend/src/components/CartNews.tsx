import { forgetNews } from "../api/news";
import type { News } from "../api/cartOverlay";
import { formatMoney, useLanguage, useT } from "../i18n/language";
import { Notice } from "./Notice";

/** What became of the cart's lines while nobody looked. */
export function CartNews({ news }: { news: News[] }) {
  const t = useT();
  const { language } = useLanguage();
  const said = (one: News) => {
    const { title } = one;
    if (one.kind === "price") {
      const [from, to] = [one.from, one.to].map((cents) => formatMoney(cents, one.currency, language)) as [string, string];
      return t("news.price", { title, from, to });
    }
    if (one.kind === "low") return t("news.low", { title, count: one.left });
    return one.kind === "out" ? t("news.out", { title }) : t("news.refused", { title, message: one.message });
  };
  return (
    <Notice title={t("news")} dismiss={{ label: t("news.ok"), run: forgetNews }}>
      <ul>
        {news.map((one, number) => (
          <li key={number}>{said(one)}</li>
        ))}
      </ul>
    </Notice>
  );
}
