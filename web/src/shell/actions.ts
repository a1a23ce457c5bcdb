/** What can be done now, for the search: each part of the page says what it can do while it is there. */

import { useEffect, useRef, useSyncExternalStore } from "react";

import type { IconName } from "@/parts/Icon";

export interface Action {
  /** Names it, so that it stands in the list once. */
  id: string;
  title: string;
  icon: IconName;
  /** The keys that do the same; undefined: none. */
  keys?: string;
  run: () => void;
}

const groups = new Map<object, readonly Action[]>();
const readers = new Set<() => void>();
let all: readonly Action[] = [];

function publish(): void {
  all = [...groups.values()].flat();
  for (const reader of readers) reader();
}

/** Offers these actions while the component is there; actions that cannot be done now are left out of the list. */
export function useActions(actions: readonly Action[]): void {
  const said = actions.map(({ id, title, keys }) => `${id} ${title} ${keys ?? ""}`).join("\n");
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  useEffect(() => {
    const group = {};
    // What is run is what was drawn last: the same action may do another thing by now.
    const offered = actions.map((one, at) => ({
      ...one,
      run: () => {
        latest.current[at]?.run();
      },
    }));
    groups.set(group, offered);
    publish();
    return () => {
      groups.delete(group);
      publish();
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- anew where others are offered, not at each drawing
  }, [said]);
}

/** The actions that can be done now. */
export function useOffered(): readonly Action[] {
  return useSyncExternalStore(
    (reader) => {
      readers.add(reader);
      return () => readers.delete(reader);
    },
    () => all,
  );
}
