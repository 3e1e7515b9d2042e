import { useEffect, useRef } from "react";
import { useLocation, useNavigate, useNavigationType } from "react-router";

interface State {
  layer?: string;
}

/** The layer of the history's current entry, also when React has not rendered it yet. */
const current = () => (history.state as { usr?: State | null } | null)?.usr?.layer;

/**
 * A sheet or layer that is an entry of the history: Back closes it, and Forward does not reopen a stale one.
 * What was changed while it was open (filters, in the URL) stays, as an entry of its own, however it is closed.
 */
export function useLayer(name: string) {
  const location = useLocation();
  const navigate = useNavigate();
  const type = useNavigationType();
  const open = (location.state as State | null)?.layer === name;
  const url = location.pathname + location.search;
  const openedAt = useRef<string | null>(null);
  const last = useRef(url);
  useEffect(() => {
    if (open) {
      openedAt.current ??= url;
      last.current = url;
      return;
    }
    const leftByBack = type === "POP" && openedAt.current === url && last.current !== url;
    openedAt.current = null;
    if (leftByBack) void navigate(last.current, { preventScrollReset: true });
  }, [open, url, type, navigate]);
  return {
    open,
    show: () => {
      if (current() !== name) void navigate(url, { state: { layer: name }, preventScrollReset: true });
    },
    hide: () => {
      if (current() !== name) return;
      if (openedAt.current === url) void navigate(-1);
      else void navigate(url, { replace: true, preventScrollReset: true });
    },
  };
}
