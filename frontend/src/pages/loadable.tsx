import { lazy, useState } from "react";
import type { ComponentType } from "react";

/** A page in a file of its own. Once loaded it renders at once, where React's lazy() would first paint a fallback. */
export function loadable(load: () => Promise<{ default: ComponentType }>) {
  let Loaded: ComponentType | undefined;
  const preload = async () => {
    Loaded ??= (await load()).default;
    return { default: Loaded };
  };
  const Later = lazy(preload);
  function Loadable() {
    const [Page] = useState(() => Loaded ?? Later); // for as long as it is shown: another type would start afresh
    return <Page />;
  }
  return { Page: Loadable, preload };
}
