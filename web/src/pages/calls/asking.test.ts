import { expect, test } from "vitest";

import { callsAsked, readCallSearch } from "./asking";

test("what the address says is read, and nonsense is left out", () => {
  expect(readCallSearch({ queue: "sales", operator: "7", outcome: "lost", direction: "up", number: 5550102 })).toEqual({
    queue: "sales",
    operator: 7,
    outcome: "lost",
    number: "5550102",
  });
});

test("a day lasts until the next one begins", () => {
  const asked = callsAsked({ from: "2026-03-02", to: "2026-03-02", queue: "sales" });
  expect(Date.parse(asked.to_at ?? "") - Date.parse(asked.from_at ?? "")).toBe(86_400_000);
  expect(callsAsked({ from: "soon" })).toEqual({});
});
