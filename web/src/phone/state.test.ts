import { describe, expect, it } from "vitest";

import { after, current, NO_PHONE, ringing, takesCalls, waiting, type PhoneEvent, type PhoneState } from "./state";

const play = (...events: PhoneEvent[]): PhoneState => events.reduce(after, NO_PHONE);
const begins = (id: string, changes: Partial<Extract<PhoneEvent, { what: "begins" }>["line"]> = {}): PhoneEvent => ({
  what: "begins",
  line: { id, party: "Anu", call: null, state: "ringing", consults: false, ...changes },
});
const answered = (id: string): PhoneEvent => ({ what: "answered", id });
const held = (id: string, is = true): PhoneEvent => ({ what: "line", id, changes: { held: is } });

describe("the phone's state", () => {
  it("takes calls once it is registered and its sound was tried", () => {
    const here: PhoneEvent[] = [
      { what: "held_by", holder: "here" },
      { what: "connection", connection: "registered" },
    ];
    expect(takesCalls(play(...here))).toBe(false);
    expect(takesCalls(play(...here, { what: "sound", sound: "works" }))).toBe(true);
    expect(takesCalls(play(...here, { what: "sound", sound: "no_microphone" }))).toBe(false);
  });

  it("rings, talks, and is over", () => {
    const rings = play(begins("a"));
    expect(ringing(rings)?.id).toBe("a");
    expect(current(rings)).toBeUndefined();
    const talks = after(rings, answered("a"));
    expect([ringing(talks), current(talks)?.state]).toEqual([undefined, "talking"]);
    expect(after(talks, { what: "ends", id: "a" }).lines).toEqual([]);
  });

  it("speaks with whom it asks while the caller waits", () => {
    const consults = begins("b", { state: "dialling", consults: true });
    const asks = play(begins("a"), answered("a"), held("a"), consults, answered("b"));
    expect([current(asks)?.id, waiting(asks)?.id]).toEqual(["b", "a"]);
    const back = after(asks, { what: "ends", id: "b" });
    expect([current(back)?.id, waiting(back)]).toEqual(["a", undefined]);
  });

  it("tells what went wrong until it is seen, or until the next call", () => {
    const failed = play(begins("a", { state: "dialling" }), { what: "ends", id: "a", failed: "486" });
    expect(failed.failed).toBe("486");
    expect(after(failed, { what: "seen" }).failed).toBe("");
    expect(after(failed, begins("b")).failed).toBe("");
  });

  it("passes over what is late", () => {
    const over = play(begins("a"), { what: "ends", id: "a" });
    expect(after(over, held("a"))).toBe(over);
    expect(after(over, answered("a"))).toBe(over);
  });

  it("begins anew in the tab that gets the phone", () => {
    const followed: PhoneState = { ...play(begins("a"), answered("a")), holder: "other", sound: "works" };
    const mine = after(followed, { what: "held_by", holder: "here" });
    expect([mine.lines, mine.connection, mine.sound]).toEqual([[], "off", "works"]);
  });
});
