import { useSyncExternalStore } from "react";

import type { Command } from "./commands";
import { NO_PHONE, type PhoneState } from "./state";

/** The phone as the rest of the page sees it. */
export interface PhoneInPage {
  read: () => PhoneState;
  subscribe: (reader: () => void) => () => void;
  do: (command: Command) => void;
  /**
   * Tries microphone and speaker, and lets the page make sounds; only within a click or a key.
   *
   * @returns whether calls can be taken here.
   */
  prove: () => Promise<boolean>;
}

/**
 * Where the phone stands once it is loaded. Its code comes after the page, and only for operators who talk here, so
 * nothing else may import it.
 */
let phone: PhoneInPage | null = null;
const readers = new Set<() => void>();

export function putPhone(one: PhoneInPage | null): void {
  phone = one;
  for (const reader of readers) reader();
}

/** The phone; null: none is loaded, or I talk at a desk phone. */
export function thePhone(): PhoneInPage | null {
  return phone;
}

function subscribe(reader: () => void): () => void {
  let leave = phone?.subscribe(reader);
  const again = () => {
    leave?.();
    leave = phone?.subscribe(reader);
    reader();
  };
  readers.add(again);
  return () => {
    readers.delete(again);
    leave?.();
  };
}

export function usePhone(): PhoneState {
  return useSyncExternalStore(subscribe, () => phone?.read() ?? NO_PHONE);
}

/** Calls a number with the phone in the page. */
export function dial(number: string): void {
  phone?.do({ do: "dial", number });
}
