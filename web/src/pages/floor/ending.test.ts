import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { callOff, endSoon, useEnding } from "./ending";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test("a call ends once, some seconds after it was asked for", () => {
  const end = vi.fn();
  const { result } = renderHook(() => useEnding("a"));
  act(() => {
    endSoon("a", end);
    endSoon("a", end);
  });
  expect([result.current, end.mock.calls.length]).toEqual([true, 0]);
  act(() => {
    vi.advanceTimersByTime(5_000);
  });
  expect([result.current, end.mock.calls.length]).toEqual([false, 1]);
});

test("a call goes on that is not to end after all", () => {
  const end = vi.fn();
  endSoon("a", end);
  callOff("a");
  vi.advanceTimersByTime(10_000);
  expect(end).not.toHaveBeenCalled();
});
