import { expect, test } from "vitest";

import type { Queue } from "@/live/floor";

import { passedBy } from "./passed";

const NOW = Date.parse("2026-03-02T09:00:00Z");
const queue = (waiting: number, waited_s: number | null, target_s = 20) =>
  ({
    waiting,
    target_s,
    longest_wait_since: waited_s === null ? null : new Date(NOW - waited_s * 1000).toISOString(),
  }) as Queue;

test.each([
  [queue(2, 19), undefined, null, []],
  [queue(2, 20), undefined, null, ["wait"]],
  [queue(2, 20), { wait_s: 60 }, null, []],
  [queue(2, 60), { wait_s: 60, waiting: 1 }, null, ["waiting", "wait"]],
  [queue(0, null, 0), { service_level: 0.8 }, 0.79, ["level"]],
  [queue(0, null), { service_level: 0.8 }, null, []],
])("limits that are passed", (one, limit, level, passed) => {
  expect(passedBy(one, limit, level, NOW)).toEqual(passed);
});
