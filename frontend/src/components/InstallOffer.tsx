import { useState, useSyncExternalStore } from "react";
import { useT } from "../i18n/language";
import { declineInstall, forgetInstallEvent, installEvent, isIos, mayOfferInstall, onInstallEvent } from "../pwa/install";
import type { InstallEvent } from "../pwa/install";
import { Notice } from "./Notice";

/** Offers the store for the home screen where the browser can do that; on an iPhone it says how. */
export function InstallOffer() {
  const t = useT();
  const event = useSyncExternalStore(onInstallEvent, installEvent);
  const [, setDeclined] = useState(false);
  const decline = () => {
    declineInstall();
    setDeclined(true);
  };
  const install = async (asked: InstallEvent) => {
    await asked.prompt();
    const { outcome } = await asked.userChoice;
    if (outcome === "dismissed") declineInstall();
    forgetInstallEvent(); // it can be used once
  };
  if (!mayOfferInstall() || !(event || isIos())) return null;
  return (
    <Notice
      title={t("install")}
      picture="/icons/icon-192.png"
      dismiss={event ? { label: t("install.no"), run: decline } : { label: t("install.ios.ok"), run: decline }}
      {...(event && { action: { label: t("install.yes"), run: () => void install(event) } })}
    >
      <p>{t("install.lead")}</p>
      {!event && <p>{t("install.ios")}</p>}
    </Notice>
  );
}
