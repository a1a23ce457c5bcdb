import { describe, expect, it } from "vitest";

import { fromLocal, toLocal } from "./moments";

describe("moments of an input", () => {
  it("come back as they went in, to the minute", () => {
    for (const moment of ["2026-03-02T08:00:00.000Z", "2026-07-31T21:59:00.000Z"]) {
      expect(fromLocal(toLocal(moment))).toBe(moment);
    }
  });

  it("may be missing", () => {
    expect(toLocal(null)).toBe("");
    expect(fromLocal("")).toBeNull();
  });
});
