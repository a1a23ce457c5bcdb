import { describe, expect, it } from "vitest";

import { copied, weekdays } from "./week";

const NINE = { opens: "09:00", closes: "17:00" };

describe("a week", () => {
  it("begins on Monday, in each language", () => {
    expect(weekdays("et-EE")[0]).toBe("esmaspäev");
    expect(weekdays("ru-RU")[6]).toBe("воскресенье");
    expect(weekdays("en-GB")).toHaveLength(7);
  });

  it("has the hours of Monday on working days, and its own on the others", () => {
    const week = copied([[NINE], [], [], [], [], [{ opens: "10:00", closes: "14:00" }], []]);
    expect(week.slice(0, 5)).toEqual(Array.from({ length: 5 }, () => [NINE]));
    expect(week[5]).toEqual([{ opens: "10:00", closes: "14:00" }]);
    expect(week[6]).toEqual([]);
  });
});
