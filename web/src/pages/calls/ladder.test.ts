import { expect, test } from "vitest";

import { lanesOf, type WholeCall } from "./ladder";

const at = (seconds: number) => new Date(Date.UTC(2026, 2, 2, 9) + seconds * 1000).toISOString();
const leg = (operator: number, began: number, answered: number | null, ended: number) => ({
  operator,
  endpoint: `op${String(operator)}`,
  began_at: at(began),
  answered_at: answered === null ? null : at(answered),
  ended_at: at(ended),
  outcome: answered === null ? "timed_out" : "accepted",
});

test("a caller waits, one phone rings in vain, another talks and holds", () => {
  const call = {
    arrived_at: at(0),
    ended_at: at(100),
    legs: [leg(1, 10, null, 30), leg(2, 30, 40, 100)],
    timeline: [
      { kind: "CallHeld", at: at(50) },
      { kind: "CallResumed", at: at(60) },
    ],
  } as unknown as WholeCall;
  const [caller, first, second] = lanesOf(call, 0);
  expect(caller?.spans).toEqual([
    { kind: "waiting", from: 0, to: 0.4, seconds: 40 },
    { kind: "talking", from: 0.4, to: 1, seconds: 60 },
    { kind: "on_hold", from: 0.5, to: 0.6, seconds: 10 },
  ]);
  expect(first?.spans).toEqual([{ kind: "ringing", from: 0.1, to: 0.3, seconds: 20 }]);
  expect(second?.spans.map((one) => one.kind)).toEqual(["ringing", "talking"]);
});

test("a call that is not over lasts until now", () => {
  const call = { arrived_at: at(0), ended_at: null, legs: [], timeline: [] } as unknown as WholeCall;
  expect(lanesOf(call, Date.parse(at(10)))[0]?.spans).toEqual([{ kind: "waiting", from: 0, to: 1, seconds: 10 }]);
});
