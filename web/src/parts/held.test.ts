import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { callOff, holdBack, useHolding } from "./held";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test("what was asked for twice is done once, some seconds later", async () => {
  const end = vi.fn(() => Promise.resolve());
  const { result } = renderHook(() => useHolding("a"));
  act(() => {
    holdBack("a", end);
    holdBack("a", end);
  });
  expect([result.current?.is, end.mock.calls.length]).toEqual(["held", 0]);
  await act(() => vi.advanceTimersByTimeAsync(6_000));
  expect([result.current, end.mock.calls.length]).toEqual([undefined, 1]);
});

test("what is called off is not done", () => {
  const end = vi.fn(() => Promise.resolve());
  holdBack("b", end);
  callOff("b");
  vi.advanceTimersByTime(10_000);
  expect(end).not.toHaveBeenCalled();
});

test("what was refused says so, whoever looks later, and can be asked for once more", async () => {
  const error = new Error("in use");
  const end = vi.fn<() => Promise<void>>().mockRejectedValueOnce(error).mockResolvedValue();
  holdBack("c", end);
  await vi.advanceTimersByTimeAsync(6_000);
  const { result } = renderHook(() => useHolding("c"));
  expect(result.current).toEqual({ is: "failed", error });
  act(() => {
    holdBack("c", end);
  });
  await act(() => vi.advanceTimersByTimeAsync(6_000));
  expect([result.current, end.mock.calls.length]).toEqual([undefined, 2]);
});

test("what was sent cannot be called off, nor asked for meanwhile", async () => {
  let done: () => void = () => undefined;
  const end = vi.fn(
    () =>
      new Promise<void>((resolve) => {
        done = resolve;
      }),
  );
  const { result } = renderHook(() => useHolding("d"));
  await act(async () => {
    holdBack("d", end);
    await vi.advanceTimersByTimeAsync(6_000);
    callOff("d");
    holdBack("d", end);
  });
  expect(result.current).toEqual({ is: "sent" });
  await act(async () => {
    done();
    await vi.advanceTimersByTimeAsync(10_000);
  });
  expect([result.current, end.mock.calls.length]).toEqual([undefined, 1]);
});
