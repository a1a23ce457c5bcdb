import { renderHook } from "@testing-library/react";
import { expect, it, vi } from "vitest";

import { useNumberKeys } from "./numberKeys";

const press = (key: string, target: Element = document.body) =>
  target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));

it("gives a key to the one that came last, and to the other where that has no use for it", () => {
  const result = vi.fn<(key: string) => boolean>(() => true);
  const survey = vi.fn((key: string) => key === "1");
  const first = renderHook(() => {
    useNumberKeys(result);
  });
  const second = renderHook(() => {
    useNumberKeys(survey);
  });
  expect(press("1")).toBe(false);
  expect([survey.mock.calls.length, result.mock.calls.length]).toEqual([1, 0]);
  press("2");
  expect([survey.mock.calls.length, result.mock.calls]).toEqual([2, [["2"]]]);
  second.unmount();
  press("+");
  expect(result).toHaveBeenLastCalledWith("+");
  const field = document.body.appendChild(document.createElement("textarea"));
  press("3", field);
  press("a");
  expect(result).toHaveBeenCalledTimes(2);
  field.remove();
  first.unmount();
  press("1");
  expect(result).toHaveBeenCalledTimes(2);
});
