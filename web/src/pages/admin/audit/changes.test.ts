import { describe, expect, it } from "vitest";

import { changesOf } from "./changes";
import { undone } from "./undone";

describe("a change in the audit log", () => {
  it("shows fields side by side", () => {
    expect(changesOf({ title: "Help", priority: 0 }, { title: "Support", skills: ["a"] })).toEqual([
      { field: "title", before: "Help", after: "Support" },
      { field: "priority", before: "0", after: "–" },
      { field: "skills", before: "–", after: '["a"]' },
    ]);
    expect(changesOf(null, null)).toEqual([]);
  });
});

describe("undoing a change", () => {
  const form = { title: "Support", priority: 5, active: false };

  it("puts back the fields that it changed, and no others", () => {
    expect(undone(form, { title: "Help" }, { title: "Support" })).toEqual({
      title: "Help",
      priority: 5,
      active: false,
    });
  });

  it("cannot be done where a field is another by now, or is none of the form", () => {
    expect(undone(form, { title: "Help" }, { title: "Else" })).toBeNull();
    expect(undone(form, { hash: "x" }, { hash: "y" })).toBeNull();
    expect(undone(form, null, { title: "Support" })).toBeNull();
  });
});
