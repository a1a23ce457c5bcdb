import type { Call, Operator } from "./floor";

/** What operators may be doing. Whom a supervisor looks at first stands first. */
export const OPERATOR_STATES = [
  "no_phone",
  "reserved",
  "ringing",
  "talking",
  "on_hold",
  "calling_out",
  "previewing",
  "wrap_up",
  "idle",
  "on_break",
  "offline",
] as const;

/** What an operator does, in one word. Each has a colour, a shape and a text. */
export type OperatorState = (typeof OPERATOR_STATES)[number];

/** The one word, from presence, routing and device. */
export function stateOf(operator: Operator): OperatorState {
  if (operator.routing !== "idle") return operator.routing;
  if (operator.outgoing.some((one) => !one.transferred)) return "calling_out";
  if (operator.presence !== "available") return operator.presence;
  return operator.device === "unreachable" ? "no_phone" : "idle";
}

/** When what an operator does began; null: it is not known. */
export function sinceOf(operator: Operator): string | null {
  if (stateOf(operator) !== "calling_out") return operator.since;
  const call = operator.outgoing.find((one) => !one.transferred);
  return call?.answered ?? call?.began ?? operator.since;
}

const WAITS: ReadonlySet<Call["state"]> = new Set(["waiting", "offered", "ringing"]);

/** Whether a caller waits for an operator. */
export function waits(call: Call): boolean {
  return WAITS.has(call.state);
}

/** Since when the present part of a call runs: the wait, the talk, the hold or the parking. */
export function partSince(call: Call): string {
  if (waits(call)) return call.waiting_since;
  return call.parked?.since ?? call.held_since ?? call.talking_since ?? call.answered ?? call.arrived;
}
