import { act, renderHook } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";

import { hasDraft, useDraft } from "./useDraft";

const EMPTY = { subject: "", text: "" };
const open = (place = "a") => renderHook(() => useDraft(place, EMPTY)).result;

describe("a draft", () => {
  beforeEach(() => {
    localStorage.clear();
  });

  it("outlives the page with each letter, under its own name", () => {
    const draft = open();
    act(() => {
      draft.current.change({ subject: "Ruuter" });
      draft.current.change({ text: "Ei tööta" });
    });
    expect(open().current.form).toEqual({ subject: "Ruuter", text: "Ei tööta" });
    expect(open("b").current.form).toEqual(EMPTY);
    expect([hasDraft("a"), hasDraft("b")]).toEqual([true, false]);
  });

  it("is gone once it is cleared", () => {
    const draft = open();
    act(() => {
      draft.current.change({ subject: "Ruuter" });
    });
    act(() => {
      draft.current.clear();
    });
    expect(draft.current.form).toEqual(EMPTY);
    expect(hasDraft("a")).toBe(false);
  });
});
