import { useLayoutEffect, useRef, useState } from "react";
import type { ReactNode } from "react";

const isOnServer = typeof window === "undefined"; // or in the build, which makes the shells

interface Props {
  /** What Django wrote into the page's middle before the app ran. */
  shell: ChildNode[];
  children: ReactNode;
}

/** The page's middle. What is there already stays for one more task, in which the frame around it comes alive, so that
 * the browser can answer a finger between the frame and the page. */
export function Main({ shell, children }: Props) {
  const main = useRef<HTMLElement>(null);
  const [isIn, setIn] = useState(shell.length === 0);
  useLayoutEffect(() => {
    if (isIn) {
      for (const node of shell) node.remove();
      return undefined;
    }
    main.current?.append(...shell);
    const timer = setTimeout(() => setIn(true));
    return () => clearTimeout(timer);
  }, [isIn, shell]);
  return (
    <main id="content" tabIndex={-1} ref={main} aria-busy={!isIn || isOnServer || undefined}>
      {isIn && children}
    </main>
  );
}
