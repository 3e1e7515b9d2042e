import { useEffect } from "react";
import { Navigate } from "react-router";
import type { Target } from "../links";

/** Goes there instead of here, so that Back leads past it. The state says so: a second redirect is not followed. */
export function Redirect({ to }: { to: Target }) {
  useEffect(() => {
    if (!to.isOurs) location.replace(to.href);
  }, [to.href, to.isOurs]);
  return to.isOurs ? <Navigate to={to.href} replace state={{ redirected: true }} /> : <div style={{ minHeight: "100dvh" }} />;
}
