import { useLocation, useNavigate } from "react-router";

interface State {
  layer?: string;
}

/** A sheet or layer that is an entry of the history: Back closes it, and Forward does not reopen a stale one. */
export function useLayer(name: string) {
  const location = useLocation();
  const navigate = useNavigate();
  const open = (location.state as State | null)?.layer === name;
  return {
    open,
    show: () => {
      if (!open) void navigate(`${location.pathname}${location.search}`, { state: { layer: name }, preventScrollReset: true });
    },
    hide: () => {
      if (open) void navigate(-1);
    },
  };
}
