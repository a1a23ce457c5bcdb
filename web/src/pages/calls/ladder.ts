/** A call as lanes of spans on one line of time: the caller, and each leg to an operator. */

import type { components } from "@/api/contract";

export type WholeCall = components["schemas"]["WholeCallOut"];
type Leg = components["schemas"]["LegOut"];

export interface Span {
  kind: "waiting" | "ringing" | "talking" | "on_hold";
  /** Shares of the whole call, 0..1. */
  from: number;
  to: number;
  seconds: number;
}

export interface Lane {
  /** The operator of the leg; null: the caller, or a leg to nobody here. */
  operator: number | null;
  caller: boolean;
  endpoint: string;
  /** How the offer ended; null: it was none. */
  outcome: string | null;
  spans: Span[];
}

const SECOND_MS = 1000;

/**
 * The lanes of a call, the caller's first.
 *
 * @param now in milliseconds; a call that is not over lasts until then.
 */
export function lanesOf(call: WholeCall, now: number): Lane[] {
  const begins = Date.parse(call.arrived_at);
  const ends = Math.max(begins + SECOND_MS, call.ended_at ? Date.parse(call.ended_at) : now);
  const length = ends - begins;
  const at = (moment: number) => Math.min(1, Math.max(0, (moment - begins) / length));
  const span = (kind: Span["kind"], from: number, to: number): Span[] =>
    to > from ? [{ kind, from: at(from), to: at(to), seconds: (to - from) / SECOND_MS }] : [];
  const legs = call.legs.map((leg): Lane => {
    const rang = Date.parse(leg.began_at);
    const answered = leg.answered_at ? Date.parse(leg.answered_at) : null;
    const over = Date.parse(leg.ended_at);
    const talk = answered === null ? [] : span("talking", answered, over);
    return {
      operator: leg.operator,
      caller: false,
      endpoint: leg.endpoint,
      outcome: leg.outcome,
      spans: [...span("ringing", rang, answered ?? over), ...talk],
    };
  });
  const talks = call.legs.flatMap(talkOf).sort(([one], [other]) => one - other);
  const spans: Span[] = [];
  let free = begins;
  for (const [from, to] of talks) {
    spans.push(...span("waiting", free, from), ...span("talking", Math.max(free, from), to));
    free = Math.max(free, to);
  }
  if (talks.length === 0) spans.push(...span("waiting", begins, ends));
  spans.push(...holdsOf(call, ends).flatMap(([from, to]) => span("on_hold", from, to)));
  return [{ operator: null, caller: true, endpoint: "", outcome: null, spans }, ...legs];
}

function talkOf(leg: Leg): [number, number][] {
  return leg.answered_at ? [[Date.parse(leg.answered_at), Date.parse(leg.ended_at)]] : [];
}

function holdsOf(call: WholeCall, ends: number): [number, number][] {
  const holds: [number, number][] = [];
  let since: number | null = null;
  for (const event of call.timeline) {
    if (event.kind === "CallHeld") since = Date.parse(event.at);
    else if (event.kind === "CallResumed" && since !== null) {
      holds.push([since, Date.parse(event.at)]);
      since = null;
    }
  }
  if (since !== null) holds.push([since, ends]);
  return holds;
}
