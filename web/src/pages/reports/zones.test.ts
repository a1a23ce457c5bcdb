import { expect, test } from "vitest";

import { beginOf, dayOf } from "./zones";

test.each([
  ["2026-03-29", "Europe/Tallinn", "2026-03-28T22:00:00.000Z", 23],
  ["2026-10-25", "Europe/Tallinn", "2026-10-24T21:00:00.000Z", 25],
  ["2026-06-01", "Asia/Kathmandu", "2026-05-31T18:15:00.000Z", 24],
  ["2026-11-01", "America/New_York", "2026-11-01T04:00:00.000Z", 25],
])("a day of %s in %s", (day, zone, begins, hours) => {
  expect(beginOf(day, zone).toISOString()).toBe(begins);
  expect(beginOf(day, zone, 1).getTime() - beginOf(day, zone).getTime()).toBe(hours * 3_600_000);
});

test("days before a moment, by the zone's clock", () => {
  const late = Date.parse("2026-03-01T22:30:00Z");
  expect(dayOf(late, "Europe/Tallinn")).toBe("2026-03-02");
  expect(dayOf(late, "UTC", 1)).toBe("2026-02-28");
});
