/** Makes everything but the element and the place for messages unreachable; returns what takes that back. */
export function inertAround(element: Element): () => void {
  const hidden: Element[] = [];
  for (let inside: Element | null = element; inside && inside !== document.body; inside = inside.parentElement)
    for (const other of inside.parentElement?.children ?? [])
      if (other !== inside && !other.matches("[role=status], [inert], script")) hidden.push(other);
  for (const one of hidden) one.toggleAttribute("inert", true);
  return () => {
    for (const one of hidden) one.removeAttribute("inert");
  };
}
