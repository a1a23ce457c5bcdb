import { describe, expect, it } from "vitest";

import { counted, qualityOf, type Counted } from "./quality";

const zero: Counted = { atMs: 0, received: 0, lost: 0, lostThere: null, jitterMs: 0, roundTripMs: null };

describe("the quality of a talk", () => {
  it.each([
    [{ received: 100 }, "good", 0],
    [{ received: 98, lost: 2 }, "fair", 0.02],
    [{ received: 90, lost: 10 }, "poor", 0.1],
    [{ received: 100, lostThere: 0.06 }, "poor", 0.06],
    [{ received: 100, jitterMs: 31 }, "fair", 0],
    [{ received: 100, jitterMs: 61 }, "poor", 0],
    [{ received: 100, roundTripMs: 251 }, "fair", 0],
    [{ received: 0 }, "good", 0],
    [{ received: 100, lost: -3 }, "good", 0],
  ] as const)("%o is %s", (now, word, loss) => {
    const quality = qualityOf(zero, { ...zero, ...now });
    expect([quality.word, quality.loss]).toEqual([word, loss]);
  });

  it("looks at what has come since the last look alone", () => {
    const before = { ...zero, received: 1000, lost: 100 };
    expect(qualityOf(before, { ...before, received: 1100 }).word).toBe("good");
  });

  it("reads the browser's counts", () => {
    const report = new Map<string, unknown>([
      ["a", { type: "inbound-rtp", kind: "audio", packetsReceived: 50, packetsLost: 1, jitter: 0.004 }],
      ["b", { type: "remote-inbound-rtp", kind: "audio", fractionLost: 0.5, roundTripTime: 0.0204 }],
      ["c", { type: "codec" }],
    ]);
    expect(counted(report as unknown as RTCStatsReport, 7)).toEqual({
      atMs: 7,
      received: 50,
      lost: 1,
      lostThere: 0.5,
      jitterMs: 4,
      roundTripMs: 20,
    });
    expect(counted(new Map() as unknown as RTCStatsReport, 7)).toBeNull();
  });
});
