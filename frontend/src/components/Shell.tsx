import { Link, NavLink, useLocation } from "react-router";
import { useCart } from "../api/queries";
import { useLanguage, useT } from "../i18n/language";
import buttons from "./Button.module.css";
import { Icon } from "./Icon";
import type { IconName } from "./Icon";
import { LanguageLink } from "./LanguageLink";
import { OfflineBanner } from "./OfflineBanner";
import { SearchBox } from "./SearchBox";
import styles from "./Shell.module.css";

function CartBadge() {
  const { data } = useCart();
  return data && data.count > 0 ? <span className={styles.badge}>{data.count > 99 ? "99+" : data.count}</span> : null;
}

export function Header() {
  const t = useT();
  const { language } = useLanguage();
  return (
    <header className={styles.header}>
      <a className={styles.skip} href="#content">
        {t("skip")}
      </a>
      <div className={`page ${styles.bar}`}>
        <Link to="/" className={styles.logo} aria-label="Pocketshop">
          <img src="/favicon.svg" alt="" width="36" height="36" />
          <span>Pocketshop</span>
        </Link>
        <SearchBox />
        <nav className={styles.actions} aria-label={t("menu")}>
          <Link to="/browse" className={styles.action}>
            {t("browse")}
          </Link>
          <Link to="/account" className={buttons.icon} aria-label={t("account")}>
            <Icon name="person" />
          </Link>
          <Link to="/cart" className={`${buttons.icon} ${styles.withBadge}`} aria-label={t("cart")}>
            <Icon name="cart" />
            <CartBadge />
          </Link>
        </nav>
        <LanguageLink className={`${buttons.icon} ${styles.language}`} label={language === "en" ? "切换到中文" : "Switch to English"}>
          {language === "en" ? <Icon name="chinese" /> : "En"}
        </LanguageLink>
      </div>
      <OfflineBanner />
    </header>
  );
}

const TABS: { to: string; icon: IconName; name: "home" | "browse" | "cart" | "account" }[] = [
  { to: "/", icon: "home", name: "home" },
  { to: "/browse", icon: "browse", name: "browse" },
  { to: "/cart", icon: "cart", name: "cart" },
  { to: "/account", icon: "person", name: "account" },
];

/** On phones, within reach of the thumb. */
export function TabBar() {
  const t = useT();
  const { pathname } = useLocation();
  if (pathname === "/checkout") return null;
  return (
    <nav className={styles.tabs} aria-label={t("menu")}>
      {TABS.map((tab) => (
        <NavLink key={tab.to} to={tab.to} end className={({ isActive }) => `${styles.tab} ${isActive ? styles.active : ""}`}>
          <span className={styles.withBadge}>
            <Icon name={tab.icon} />
            {tab.name === "cart" && <CartBadge />}
          </span>
          {t(tab.name)}
        </NavLink>
      ))}
    </nav>
  );
}

export function Footer() {
  const t = useT();
  return (
    <footer className={styles.footer}>
      <div className={`page ${styles.foot}`}>
        <p>
          <b>Pocketshop</b>
          <br />
          {t("footer")}
        </p>
        <ul>
          {(["browse", "orders", "account"] as const).map((name) => (
            <li key={name}>
              <Link to={`/${name}`}>{t(name)}</Link>
            </li>
          ))}
          <li>
            <a href="/api/docs/">API</a>
          </li>
        </ul>
      </div>
    </footer>
  );
}
