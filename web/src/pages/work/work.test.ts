import { describe, expect, it } from "vitest";

import type { Call, Operator } from "@/live/floor";
import { stateOf } from "@/live/states";

import { usable } from "./disposing";
import { workOf } from "./work";

const me = (routing: Operator["routing"]) => ({ id: 7, routing }) as Operator;
const call = (changes: Partial<Call>) =>
  ({ id: "a", operator: 7, talking_since: null, held_since: null, ...changes }) as Call;

describe("the work of an operator", () => {
  const rings = call({});
  const talks = call({ talking_since: "t" });
  const holds = call({ talking_since: "t", held_since: "h" });
  it.each([
    ["no operator", undefined, rings, null, "idle", null],
    ["waits", me("idle"), undefined, talks, "idle", null],
    ["rings", me("ringing"), rings, null, "ringing", rings],
    [
      "rings while a colleague talks on",
      me("ringing"),
      call({ talking_since: "t", operator: 8 }),
      null,
      "ringing",
      undefined,
    ],
    ["talks", me("talking"), talks, null, "talking", talks],
    ["holds", me("on_hold"), holds, null, "on_hold", holds],
    ["works after the call", me("wrap_up"), undefined, talks, "wrap_up", talks],
    ["works after a call that nobody knows", me("wrap_up"), undefined, null, "wrap_up", null],
  ] as const)("%s", (_, operator, present, last, phase, shown) => {
    const work = workOf(operator, present, last);
    expect(work.phase).toBe(phase);
    if (shown !== undefined) expect(work.call).toBe(shown);
  });
});

describe("the state of an operator", () => {
  const idle = { routing: "idle", presence: "available", device: "registered", outgoing: [] } as unknown as Operator;
  it.each([
    [idle, "idle"],
    [{ ...idle, device: "unreachable" }, "no_phone"],
    [{ ...idle, presence: "on_break" }, "on_break"],
    [{ ...idle, outgoing: [{ transferred: false }] }, "calling_out"],
    [{ ...idle, outgoing: [{ transferred: true }] }, "idle"],
    [{ ...idle, routing: "wrap_up" }, "wrap_up"],
  ])("%o is %s", (operator, state) => {
    expect(stateOf(operator as Operator)).toBe(state);
  });
});

describe("dispositions to choose from", () => {
  const one = (id: number, code: string, campaign: number | null, active = true) => ({
    id,
    code,
    campaign,
    active,
    title: code,
    version: 1,
  });
  it("are in use, and a campaign's own stand in for common ones", () => {
    const found = usable([one(1, "sale", null), one(2, "sale", 5), one(3, "old", null, false), one(4, "no", null)]);
    expect(found.map(({ id }) => id)).toEqual([2, 4]);
  });
});
