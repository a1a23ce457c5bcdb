import { describe, expect, it } from "vitest";

import type { Campaign, Queue } from "@/live/floor";

import { abandonedShare, isOverLimit, waitLevel } from "./limits";

const BEGAN = "2026-03-02T09:00:00.000Z";
const after = (seconds: number) => Date.parse(BEGAN) + seconds * 1000;
const queue = (waits: boolean, target_s = 20) => ({ longest_wait_since: waits ? BEGAN : null, target_s }) as Queue;
const campaign = (answered: number, abandoned: number, limit = 0.03) =>
  ({ pacing: { answered, abandoned, limit } }) as Campaign;

describe("limits", () => {
  it.each([
    [queue(false), 100, "calm"],
    [queue(true), 13, "calm"],
    [queue(true), 14, "near"],
    [queue(true), 20, "over"],
    [queue(true, 0), 100, "calm"],
    [undefined, 0, "calm"],
  ] as const)("of a wait: %o after %d s is %s", (one, seconds, level) => {
    expect(waitLevel(one, after(seconds))).toBe(level);
  });

  it("of a campaign count from what was answered live", () => {
    expect(abandonedShare(campaign(0, 0))).toBeNull();
    expect(abandonedShare(campaign(97, 3))).toBe(0.03);
    expect(isOverLimit(campaign(97, 3))).toBe(false);
    expect(isOverLimit(campaign(96, 4))).toBe(true);
    expect(isOverLimit({ pacing: null } as Campaign)).toBe(false);
  });
});
