import { msg } from "@lingui/core/macro";
import { beforeEach, describe, expect, it } from "vitest";

import { forget, keep, kept } from "./drafts";
import type { AnyField } from "./field";

const FIELDS: AnyField[] = [
  { name: "title", label: msg`Name`, kind: "text" },
  { name: "user", label: msg`User`, kind: "group", of: [{ name: "password", label: msg`Password`, kind: "password" }] },
  {
    name: "keys",
    label: msg`Keys`,
    kind: "rows",
    add: msg`Another key`,
    blank: { name: "", value: "" },
    of: [
      { name: "name", label: msg`Name`, kind: "text" },
      { name: "value", label: msg`Value`, kind: "password" },
    ],
  },
];

describe("a draft", () => {
  beforeEach(() => {
    sessionStorage.clear();
  });

  it("outlives a reload, but for passwords", () => {
    const user = { password: "secret words", name: "x" };
    keep("here", { form: { title: "Help", user, keys: [{ name: "k", value: "secret" }] }, tag: '"3"' }, FIELDS);
    expect(kept("here")).toEqual({
      form: { title: "Help", user: { password: "", name: "x" }, keys: [{ name: "k", value: "" }] },
      tag: '"3"',
    });
    expect(JSON.stringify(sessionStorage)).not.toContain("secret");
  });

  it("is gone when it was sent or given up", () => {
    keep("here", { form: {}, tag: "" }, FIELDS);
    forget("here");
    expect(kept("here")).toBeNull();
  });
});
