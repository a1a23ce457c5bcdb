import { useEffect, useRef } from "react";

type Press = (key: string) => boolean;

const waiting: Press[] = [];

/**
 * Hears the keys 0 to 9 and + while nobody types; of several that want them, the one that came last has them first.
 *
 * @param press answers whether the key meant something.
 */
export function useNumberKeys(press: Press): void {
  const latest = useRef(press);
  useEffect(() => {
    latest.current = press;
  });
  useEffect(() => {
    const mine: Press = (key) => latest.current(key);
    if (waiting.length === 0) document.addEventListener("keydown", hear);
    waiting.push(mine);
    return () => {
      waiting.splice(waiting.indexOf(mine), 1);
      if (waiting.length === 0) document.removeEventListener("keydown", hear);
    };
  }, []);
}

function hear(event: KeyboardEvent): void {
  const typing =
    event.target instanceof Element && event.target.closest("input, textarea, select, [role=menu], [role=dialog]");
  if (typing || event.altKey || event.ctrlKey || event.metaKey || !/^[0-9+]$/.test(event.key)) return;
  if (waiting.toReversed().some((press) => press(event.key))) event.preventDefault();
}
