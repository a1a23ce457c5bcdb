import { expect, it } from "vitest";

import { fits } from "./folding";

it.each([
  ["Paus: lõuna", "louna", true],
  ["Paus: lõuna", "pau lõ", true],
  ["Перерыв: обед", "обе пер", true],
  ["Märkmete juurde", "ete", false],
  ["New order", "order new", true],
  ["New order", "order x", false],
  ["New order", "", true],
])("%s is found by %s: %s", (text, typed, found) => {
  expect(fits(text, typed)).toBe(found);
});
