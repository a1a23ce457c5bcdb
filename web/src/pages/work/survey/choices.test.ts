import { expect, it } from "vitest";

import { answerText, choicesOf } from "./choices";
import type { Question } from "./responses";

const question = (said: object) =>
  ({ code: "q", texts: {}, options: [], branches: [], low: null, high: null, ...said }) as unknown as Question;
const OPTIONS = Array.from({ length: 11 }, (_, at) => ({
  code: `c${String(at)}`,
  texts: { et: `Valik ${String(at)}` },
}));

it.each([
  ["a recommendation", question({ kind: "nps" }), "0 1 2 3 4 5 6 7 8 9 +"],
  ["a scale", question({ kind: "scale", low: 1, high: 5 }), "1 2 3 4 5"],
  ["a scale below zero", question({ kind: "scale", low: -1, high: 1 }), " 0 1"],
  ["a choice", question({ kind: "choice", options: OPTIONS }), "1 2 3 4 5 6 7 8 9  "],
  ["a text", question({ kind: "text" }), ""],
])("%s is answered by its keys", (_, asked, keys) => {
  expect(
    choicesOf(asked, "et")
      .map((one) => one.key)
      .join(" "),
  ).toBe(keys);
});

it("reads an answer back in the words of its options", () => {
  const several = question({ kind: "several", options: OPTIONS });
  expect(answerText(several, ["c1", "c3"], "ru")).toBe("Valik 1, Valik 3");
  expect(answerText(several, null, "et")).toBe("–");
  expect(answerText(question({ kind: "nps" }), 10, "et")).toBe("10");
});
