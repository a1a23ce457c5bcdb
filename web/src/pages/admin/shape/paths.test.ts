import { describe, expect, it } from "vitest";

import { valueAt, withValue } from "./paths";

const FORM = { title: "Help", rows: [{ queue: "a" }, { queue: "b" }], reach: { kind: "none" } };

describe("paths into a form", () => {
  it("find values, and nothing where they lead nowhere", () => {
    expect(valueAt(FORM, "rows.1.queue")).toBe("b");
    expect(valueAt(FORM, "rows.7.queue")).toBeUndefined();
    expect(valueAt(FORM, "title.deeper")).toBeUndefined();
  });

  it("change one value, and leave all else the same", () => {
    const changed = withValue(FORM, "rows.1.queue", "c");
    expect(changed.rows).toEqual([{ queue: "a" }, { queue: "c" }]);
    expect(changed.rows[0]).toBe(FORM.rows[0]);
    expect(changed.reach).toBe(FORM.reach);
    expect(FORM.rows[1]?.queue).toBe("b");
  });

  it("make what is missing on the way", () => {
    expect(withValue<object>({}, "texts.et.title", "Tere")).toEqual({ texts: { et: { title: "Tere" } } });
  });
});
