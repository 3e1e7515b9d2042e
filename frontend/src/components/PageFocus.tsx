import { useEffect, useRef, useState } from "react";
import { useLocation } from "react-router";

const TITLE_MS = 500; // a page that is loaded then has its title by that

/**
 * What a browser does by itself where every page is a document: on a new page the focus is at its start, and its title is
 * said. The focus is only moved when the page change has lost it.
 */
export function PageFocus() {
  const { pathname } = useLocation();
  const last = useRef(pathname);
  const [title, setTitle] = useState("");
  useEffect(() => {
    if (last.current === pathname) return undefined;
    last.current = pathname;
    if (document.activeElement === document.body || !document.activeElement?.isConnected) document.getElementById("content")?.focus({ preventScroll: true });
    const timer = setTimeout(() => setTitle(document.title), TITLE_MS);
    return () => clearTimeout(timer);
  }, [pathname]);
  return (
    <p className="visually-hidden" role="status">
      {title}
    </p>
  );
}
