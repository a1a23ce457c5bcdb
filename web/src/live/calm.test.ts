import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { calmly } from "./calm";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test("a change is heard at once, and many soon after it as one", () => {
  const told = new Set<() => void>();
  const change = () => {
    for (const one of told) one();
  };
  const reader = vi.fn();
  const leave = calmly((one) => {
    told.add(one);
    return () => told.delete(one);
  }, reader);
  change();
  expect(reader).toHaveBeenCalledTimes(1);
  for (let times = 0; times < 50; times++) change();
  expect(reader).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(250);
  expect(reader).toHaveBeenCalledTimes(2);
  vi.advanceTimersByTime(250);
  change();
  expect(reader).toHaveBeenCalledTimes(3);
  change();
  leave();
  vi.advanceTimersByTime(250);
  expect(reader).toHaveBeenCalledTimes(3);
  expect(told.size).toBe(0);
});
