import { describe, expect, it } from "vitest";

import { fitting } from "./fitting";

describe("a search in a list", () => {
  it.each([
    ["", true],
    ["klie", true],
    ["HELP klienditugi", true],
    ["jarjekord", true],
    ["sales", false],
    ["klienditugi sales", false],
  ])("for %j finds: %j", (typed, found) => {
    expect(fitting(["Klienditugi", "help", "Järjekord"], typed)).toBe(found);
  });
});
