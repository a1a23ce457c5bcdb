import { expect, it } from "vitest";

import { lookOf, lookText } from "./look";

it.each([
  ["contact:7", { kind: "contact", id: "7" }],
  ["call:1764000000.1", { kind: "call", id: "1764000000.1" }],
  ["contact:x", undefined],
  ["contact:", undefined],
  ["door:7", undefined],
  ["7", undefined],
  [7, undefined],
])("%s asks for %o", (text, look) => {
  expect(lookOf(text)).toEqual(look);
  if (look) expect(lookText(look as Parameters<typeof lookText>[0])).toBe(text);
});
