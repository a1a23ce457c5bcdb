import { describe, expect, it } from "vitest";

import { applied, EMPTY, type Call, type Floor, type Operator } from "./floor";
import type { Message } from "./line";

const call = (id: string) => ({ id }) as Call;
const operator = (id: number, outgoing: string[] = []) =>
  ({ id, outgoing: outgoing.map((one) => ({ call: one })) }) as unknown as Operator;
const said = (message: object) => ({ number: 1, prev: 0, at: "", ...message }) as unknown as Message;
const own: Floor = { ...EMPTY, own: 7, sees: "own", calls: new Map([["a", call("a")]]) };

describe("the floor", () => {
  it("stays the same where nothing of it changes", () => {
    expect(applied(own, [said({ type: "call_ended", id: "unknown" }), said({ type: "from_a_later_version" })])).toBe(
      own,
    );
  });

  it("replaces a map once for many messages, and leaves the others", () => {
    const after = applied(own, [said({ type: "screen_pop", call: call("b") }), said({ type: "call_ended", id: "a" })]);
    expect([...after.calls.keys()]).toEqual(["b"]);
    expect(after.operators).toBe(own.operators);
    expect([...own.calls.keys()]).toEqual(["a"]);
  });

  it.each(["call_hidden", "screen_pop_ended"])("lets go of a call by %s where one sees one's own alone", (type) => {
    const gone = said({ type, id: "a", call: "a" });
    expect(applied(own, [gone]).calls.size).toBe(0);
    expect(applied({ ...own, sees: "floor" }, [gone]).calls.size).toBe(1);
  });

  it("forgets that a number was refused once the phone calls outside anew", () => {
    const refused = applied({ ...own, operators: new Map([[7, operator(7, ["x"])]]) }, [
      said({ type: "outgoing_refused", operator: 7, rule: "hours", transferred: false }),
    ]);
    expect(refused.refused?.rule).toBe("hours");
    expect(applied(refused, [said({ type: "operator_changed", operator: operator(7, ["x"]) })]).refused).not.toBeNull();
    expect(
      applied(refused, [said({ type: "operator_changed", operator: operator(7, ["x", "y"]) })]).refused,
    ).toBeNull();
  });
});
