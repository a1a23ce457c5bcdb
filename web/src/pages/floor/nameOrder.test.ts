import { describe, expect, it, vi } from "vitest";

import type { Operator } from "@/live/floor";
import { formats } from "@/texts/format";

import { NameOrder } from "./nameOrder";

const floor = (...all: [number, string, string?][]) =>
  new Map(all.map(([id, name, routing = "idle"]) => [id, { id, name, routing } as Operator]));
const everybody = () => true;

describe("the order of operators", () => {
  it("is by name as the language has it, and leaves out who does not fit", () => {
    const order = new NameOrder(formats("et-EE").compare);
    const people = floor([1, "Õnne"], [2, "Zoja"], [3, "Tiit"], [4, "Ülle", "talking"]);
    expect(order.of(people, everybody)).toEqual([2, 3, 1, 4]);
    expect(order.of(people, ({ routing }) => routing === "talking")).toEqual([4]);
  });

  it("compares names again only when one is new", () => {
    const compare = vi.fn((name: string, other: string) => (name < other ? -1 : 1));
    const order = new NameOrder(compare);
    order.of(floor([1, "B"], [2, "A"]), everybody);
    const before = compare.mock.calls.length;
    expect(order.of(floor([1, "B", "talking"], [2, "A"]), everybody)).toEqual([2, 1]);
    expect(compare.mock.calls.length).toBe(before);
    expect(order.of(floor([1, "B"], [2, "C"]), everybody)).toEqual([1, 2]);
    expect(order.of(floor([2, "C"]), everybody)).toEqual([2]);
  });
});
