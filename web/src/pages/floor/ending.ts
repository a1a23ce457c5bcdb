/** Calls that are about to be ended: what cannot be taken back is held for some seconds, in which it can be called off. */

import { useSyncExternalStore } from "react";

const HELD_MS = 4_000;

const held = new Map<string, ReturnType<typeof setTimeout>>();
const readers = new Set<() => void>();

function tell(): void {
  for (const reader of readers) reader();
}

/** Ends a call in some seconds, wherever the reader is by then; a second wish for the same call changes nothing. */
export function endSoon(call: string, end: () => void): void {
  if (held.has(call)) return;
  const timer = setTimeout(() => {
    held.delete(call);
    tell();
    end();
  }, HELD_MS);
  held.set(call, timer);
  tell();
}

/** Lets the call go on. */
export function callOff(call: string): void {
  clearTimeout(held.get(call));
  held.delete(call);
  tell();
}

/** Whether the call is about to be ended. */
export function useEnding(call: string): boolean {
  return useSyncExternalStore(
    (reader) => {
      readers.add(reader);
      return () => readers.delete(reader);
    },
    () => held.has(call),
  );
}
