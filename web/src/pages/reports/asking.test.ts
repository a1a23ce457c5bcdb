import { expect, test } from "vitest";

import { askedOf, readSearch } from "./asking";

const NOW = Date.parse("2026-03-29T10:00:00Z");

test("yesterday, and a day with 23 hours", () => {
  expect(askedOf({ period: "yesterday" }, NOW, "Europe/Tallinn").query).toEqual({
    from_at: "2026-03-27T22:00:00.000Z",
    to_at: "2026-03-28T22:00:00.000Z",
    zone: "Europe/Tallinn",
    by: "queue",
  });
  expect(askedOf({}, NOW, "Europe/Tallinn").query.to_at).toBe("2026-03-29T21:00:00.000Z");
});

test("days in the wrong order are put right, and a grouping that the report lacks is not asked for", () => {
  const asked = askedOf(
    { subject: "operators", period: "days", from: "2026-03-05", to: "2026-03-02", by: "queue", queue: "sales" },
    NOW,
    "UTC",
  );
  expect(asked).toEqual({
    subject: "operators",
    query: { from_at: "2026-03-02T00:00:00.000Z", to_at: "2026-03-06T00:00:00.000Z", zone: "UTC", by: "operator" },
  });
});

test("what the address says is read, and nonsense is left out", () => {
  expect(readSearch({ subject: "orders", by: "moon", period: 7, zone: "UTC" })).toEqual({
    subject: "orders",
    zone: "UTC",
  });
});
