import { createContext, useCallback, useContext, useRef, useSyncExternalStore } from "react";

import { calmly } from "./calm";
import type { Operator } from "./floor";
import type { Live, LiveStore } from "./store";

export const LiveContext = createContext<LiveStore | null>(null);

export function useLiveStore(): LiveStore {
  const store = useContext(LiveContext);
  if (store === null) throw new Error("outside of a live page");
  return store;
}

type Same<Value> = (one: Value, other: Value) => boolean;

/**
 * A part of what is live; the component is drawn anew when that part is another.
 *
 * @param pick what is looked at; it runs with every change, so it only looks up.
 * @param same when two parts are the same.
 */
export function useLive<Value>(pick: (live: Live) => Value, same: Same<Value> = Object.is): Value {
  return usePart(useLiveStore(), false, pick, same);
}

/** The same for a wall that shows many things: some times a second, at the same moment for all that is looked at so. */
export function useCalmLive<Value>(pick: (live: Live) => Value, same: Same<Value> = Object.is): Value {
  return usePart(useLiveStore(), true, pick, same);
}

function usePart<Value>(store: LiveStore, calm: boolean, pick: (live: Live) => Value, same: Same<Value>): Value {
  const last = useRef<{ value: Value } | null>(null);
  const subscribe = useCallback(
    (reader: () => void) => (calm ? calmly(store.subscribe, reader) : store.subscribe(reader)),
    [store, calm],
  );
  return useSyncExternalStore(subscribe, () => {
    const value = pick(store.read());
    if (last.current === null || !same(last.current.value, value)) last.current = { value };
    return last.current.value;
  });
}

/** Whether two lists have the same members in the same order. */
export function sameList(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((member, at) => member === other[at]);
}

/** The reader as an operator; undefined: the reader takes no calls. */
export function useMyself(): Operator | undefined {
  return useLive(({ floor }) => (floor.own === null ? undefined : floor.operators.get(floor.own)));
}

/** The title of a queue; its short name where the reader does not know the queue. */
export function useQueueTitle(id: string): string {
  return useLive(({ floor }) => floor.queues.get(id)?.title ?? id);
}

/** The name of an operator; empty where the reader does not know them. */
export function useOperatorName(id: number | null): string {
  return useLive(({ floor }) => (id === null ? "" : (floor.operators.get(id)?.name ?? "")));
}
