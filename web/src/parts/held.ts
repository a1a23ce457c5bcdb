/**
 * What nothing takes back is held for some seconds, in which it can be called off, wherever the reader is by then.
 * A page that is closed or read anew in these seconds calls it off, too.
 */

import { useSyncExternalStore } from "react";

const HELD_MS = 5_000;

/** What became of the wish; left out: there is none, or it came true. */
export type Holding =
  { is: "held"; timer: ReturnType<typeof setTimeout> } | { is: "sent" } | { is: "failed"; error: Error };

const all = new Map<string, Holding>();
const readers = new Set<() => void>();

function become(id: string, holding: Holding | null): void {
  if (holding === null) all.delete(id);
  else all.set(id, holding);
  for (const reader of readers) reader();
}

/** Acts in some seconds; a second wish of the same id changes nothing until the first one is over. */
export function holdBack(id: string, act: () => Promise<unknown>): void {
  const before = all.get(id);
  if (before !== undefined && before.is !== "failed") return;
  const send = async () => {
    become(id, { is: "sent" });
    try {
      await act();
      become(id, null);
    } catch (error) {
      become(id, { is: "failed", error: error as Error });
    }
  };
  become(id, { is: "held", timer: setTimeout(() => void send(), HELD_MS) });
}

/** Lets everything be as it is, unless it is too late. */
export function callOff(id: string): void {
  const holding = all.get(id);
  if (holding?.is !== "held") return;
  clearTimeout(holding.timer);
  become(id, null);
}

/** What became of a wish. */
export function useHolding(id: string): Holding | undefined {
  return useSyncExternalStore(
    (reader) => {
      readers.add(reader);
      return () => readers.delete(reader);
    },
    () => all.get(id),
  );
}
