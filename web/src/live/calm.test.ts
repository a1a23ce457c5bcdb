import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { calmly } from "./calm";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

function source() {
  const told = new Set<() => void>();
  return {
    told,
    subscribe: (one: () => void) => {
      told.add(one);
      return () => told.delete(one);
    },
    change: () => {
      for (const one of told) one();
    },
  };
}

test("changes are heard as one, within a quarter of a second", () => {
  const { told, subscribe, change } = source();
  const reader = vi.fn();
  const leave = calmly(subscribe, reader);
  for (let times = 0; times < 50; times++) change();
  expect(reader).not.toHaveBeenCalled();
  vi.advanceTimersByTime(250);
  expect(reader).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(250);
  expect(reader).toHaveBeenCalledTimes(1);
  change();
  leave();
  vi.advanceTimersByTime(250);
  expect(reader).toHaveBeenCalledTimes(1);
  expect(told.size).toBe(0);
});

test("all who look hear in the same moment, whenever something changed for each", () => {
  const [one, other] = [source(), source()];
  const moments: number[] = [];
  const reader = () => moments.push(performance.now());
  const leave = [calmly(one.subscribe, () => reader()), calmly(other.subscribe, () => reader())];
  one.change();
  vi.advanceTimersByTime(70);
  other.change();
  vi.advanceTimersByTime(250);
  expect(moments).toHaveLength(2);
  expect(moments[0]).toBe(moments[1]);
  for (const each of leave) each();
});
