import { useSyncExternalStore } from "react";

import { useLiveStore } from "./useLive";

const TICK_MS = 250; // four looks a second: a clock is never seen to skip one
const readers = new Set<() => void>();
let ticking: ReturnType<typeof setInterval> | undefined;

function subscribe(reader: () => void): () => void {
  readers.add(reader);
  ticking ??= setInterval(() => {
    for (const one of readers) one();
  }, TICK_MS);
  return () => {
    readers.delete(reader);
    if (readers.size) return;
    clearInterval(ticking);
    ticking = undefined;
  };
}

/**
 * What follows from the service's clock, such as a running time; drawn anew when it is another.
 *
 * @param pick gives a text or a number of the moment, in milliseconds.
 */
export function useClock<Value extends string | number | boolean>(pick: (now: number) => Value): Value {
  const { line } = useLiveStore();
  return useSyncExternalStore(subscribe, () => pick(line.now()));
}
