import { describe, expect, it } from "vitest";

import { faultOf } from "./faults";

const FAULTS = new Map([
  ["memberships.0.level", "Too large."],
  ["skills.1", "Not a code."],
]);

describe("faults of a form", () => {
  it("stand at their field", () => {
    expect(faultOf(FAULTS, "memberships.0.level")).toBe("Too large.");
    expect(faultOf(FAULTS, "skills")).toBe("Not a code.");
    expect(faultOf(FAULTS, "skill")).toBe("");
  });
});
