import { expect, test } from "vitest";

import { asSpans, asWeek } from "./hours";
import { asRows, asRules } from "./tryAgain";

test("hours are the same as a week and back", () => {
  const spans = [
    { days: [1, 2, 3, 4, 5], from: "09:00", to: "19:00" },
    { days: [6], from: "10:00", to: "14:00" },
  ];
  const week = asWeek(spans);
  expect(week.map((day) => day.length)).toEqual([1, 1, 1, 1, 1, 1, 0]);
  expect(asSpans(week)).toEqual(spans);
  expect(asSpans(asWeek([]))).toEqual([]);
});

test("two spans of a day stay two", () => {
  const day = [
    { opens: "09:00", closes: "12:00" },
    { opens: "13:00", closes: "17:00" },
  ];
  expect(asSpans([day])).toEqual([
    { days: [1], from: "09:00", to: "12:00" },
    { days: [1], from: "13:00", to: "17:00" },
  ]);
});

test("what follows an outcome is the same as rows and back", () => {
  const rules = { busy: { gap_s: 600, other_number: false }, machine: null };
  expect(asRules(asRows(rules))).toEqual(rules);
});
