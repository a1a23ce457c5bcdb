import { useEffect, useMemo, useState } from "react";

import type { Call, Operator } from "@/live/floor";
import { useLive, useMyself } from "@/live/useLive";

import { remember, remembered } from "./lastCall";

/** How far the operator's work on a call is. */
export type Phase = "idle" | "ringing" | "talking" | "on_hold" | "wrap_up";

export interface Work {
  phase: Phase;
  /** The call that is offered, talked in or worked on after; null: none. */
  call: Call | null;
}

/**
 * The operator's work now. After a call it keeps the call until the wrap-up ends, over a reload of the page, too.
 *
 * `pickAfterwards` says who it was once the call is over, and no longer told of.
 */
export function useWork(): Work & { pickAfterwards: (contact: number) => void } {
  const me = useMyself();
  const present = useLive(({ floor }) => (me?.call ? floor.calls.get(me.call) : undefined));
  const [kept, setKept] = useState<Call | null>(null);
  useEffect(() => {
    if (me === undefined || present === undefined || present.talking_since === null) return;
    remember(me.id, present);
    setKept(present); // eslint-disable-line react-hooks/set-state-in-effect -- what the next drawings need is the past
  }, [me, present]);
  const work = useMemo(() => workOf(me, present, kept ?? (me ? remembered(me.id) : null)), [me, present, kept]);
  const pickAfterwards = (contact: number) => {
    if (me === undefined || work.call === null) return;
    const picked = { ...work.call, contact };
    remember(me.id, picked);
    setKept(picked);
  };
  return { ...work, pickAfterwards };
}

/**
 * @param present the call that the operator has; undefined: none.
 * @param last the last call in which the operator talked; null: it is not known.
 */
export function workOf(me: Operator | undefined, present: Call | undefined, last: Call | null): Work {
  if (me === undefined) return { phase: "idle", call: null };
  if (present !== undefined) {
    if (present.held_since !== null) return { phase: "on_hold", call: present };
    return {
      phase: present.talking_since !== null && present.operator === me.id ? "talking" : "ringing",
      call: present,
    };
  }
  if (me.routing !== "wrap_up") return { phase: "idle", call: null };
  return { phase: "wrap_up", call: last };
}
