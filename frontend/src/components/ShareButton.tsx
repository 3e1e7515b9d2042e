import { useT } from "../i18n/language";
import buttons from "./Button.module.css";
import { Icon } from "./Icon";
import { useToast } from "./toast";

/** The phone's own share sheet; elsewhere the link is copied. `params` are those without which the page is another. */
export function ShareButton({ title, params = "" }: { title: string; params?: string }) {
  const t = useT();
  const toast = useToast();
  const url = () => location.origin + location.pathname + params;
  const copy = () =>
    navigator.clipboard.writeText(url()).then(
      () => toast(t("product.copied")),
      () => toast(t("product.share.failed")),
    );
  const share = () => {
    if (!navigator.share) return navigator.clipboard ? void copy() : toast(t("product.share.failed"));
    return void navigator.share({ title, url: url() }).catch((failure: unknown) => {
      if (!(failure instanceof DOMException && failure.name === "AbortError")) void copy(); // closing the sheet is no failure
    });
  };
  return (
    <button type="button" className={buttons.icon} onClick={share} aria-label={t("product.share")}>
      <Icon name="share" />
    </button>
  );
}
