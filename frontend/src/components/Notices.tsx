import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useLocation } from "react-router";
import { useNews } from "../api/news";
import { useLanguage, useT } from "../i18n/language";
import { keepBeginnings, keepShown } from "../pwa/kept";
import { useReconnect } from "../pwa/reconnect";
import { registerWorker, whenControlled } from "../pwa/worker";
import { CartNews } from "./CartNews";
import { InstallOffer } from "./InstallOffer";
import styles from "./Notices.module.css";
import { useToast } from "./toast";
import { UpdateNotice } from "./UpdateNotice";

/** What the store itself has to say, one thing at a time; loaded when the page stands, and with it the service worker. */
export default function Notices() {
  const t = useT();
  const toast = useToast();
  const client = useQueryClient();
  const { language } = useLanguage();
  const { pathname } = useLocation();
  const news = useNews();
  const [waiting, setWaiting] = useState<ServiceWorker | null>(null);
  useReconnect(() => toast(t("offline.back")));
  useEffect(() => {
    if (import.meta.env.PROD) void registerWorker(setWaiting).catch(() => undefined); // then the store is as it was: online only
  }, []);
  useEffect(() => whenControlled(() => void keepShown(client).then(() => keepBeginnings(language)).catch(() => undefined)), [client, language]);
  const isBuying = /\/(checkout|product\/\d+)\/?$/.test(pathname); // nothing comes between, or over the buying bar
  return (
    <div className={styles.place} role="status">
      {news.length > 0 ? (
        <CartNews news={news} />
      ) : isBuying ? null : waiting ? (
        <UpdateNotice worker={waiting} onLater={() => setWaiting(null)} />
      ) : (
        <InstallOffer />
      )}
    </div>
  );
}
