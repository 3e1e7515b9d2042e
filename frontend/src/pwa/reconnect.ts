// Finding out that the store is back, and what is to be done then.
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useRef } from "react";
import { hasWaitingChanges } from "../api/cartChanges";
import { ping } from "../api/client";
import { useOnline } from "../api/connection";
import { flushEvents } from "../api/events";

const FIRST_MS = 2000;
const LONGEST_MS = 30_000;

/** Sends what waits once there is a network, and asks again for what could not be shown, or only as it was. */
export function useReconnect(onBack: () => void) {
  const client = useQueryClient();
  const online = useOnline();
  const away = useRef<number | null>(null);
  const back = useEffectEvent(onBack);
  useEffect(() => (online ? undefined : askUntilAnswered()), [online]);
  useEffect(() => {
    if (!online) {
      away.current = Date.now();
      return;
    }
    flushEvents(); // at the start, what the last visit could not send
    if (hasWaitingChanges()) void client.invalidateQueries({ queryKey: ["cart"] });
    const since = away.current;
    if (since === null) return;
    away.current = null;
    back();
    void client.refetchQueries({
      type: "active",
      predicate: ({ queryKey, state }) => queryKey[0] === "cart" || state.error !== null || state.dataUpdatedAt >= since,
    });
  }, [online, client]);
}

/** Asks at growing intervals, and when the browser believes in a network; returns how to stop it. */
function askUntilAnswered(): () => void {
  let wait = FIRST_MS;
  let timer: ReturnType<typeof setTimeout>;
  const later = () => {
    timer = setTimeout(ask, wait);
    wait = Math.min(wait * 2, LONGEST_MS);
  };
  const ask = () => {
    clearTimeout(timer);
    void ping().then((answered) => !answered && later());
  };
  later();
  window.addEventListener("online", ask);
  return () => {
    clearTimeout(timer);
    window.removeEventListener("online", ask);
  };
}
