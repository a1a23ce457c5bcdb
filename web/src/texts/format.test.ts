import { describe, expect, it } from "vitest";

import { duration, formats, phone } from "./format";

describe("formats", () => {
  it.each([
    [0, "0:00"],
    [-3, "0:00"],
    [65.9, "1:05"],
    [3723, "1:02:03"],
  ])("shows %d seconds as %s", (seconds, shown) => {
    expect(duration(seconds)).toBe(shown);
  });

  it.each([
    ["+37255500102", "+372 5550 0102"],
    ["+3726000102", "+372 600 0102"],
    ["6001000", "6001000"],
    ["", ""],
  ])("shows the number %s as %s", (number, shown) => {
    expect(phone(number)).toBe(shown);
  });

  it("writes times with 24 hours in every language", () => {
    for (const locale of ["et-EE", "ru-RU", "en-GB"])
      expect(formats(locale).time("2026-03-02T21:05:00")).toMatch(/21.05/);
  });

  it("shows the day with moments of other days alone", () => {
    const { moment } = formats("en-GB");
    const now = new Date("2026-03-02T21:05:00").getTime();
    expect(moment("2026-03-02T09:00:00", now)).toBe("09:00");
    expect(moment("2026-03-01T09:00:00", now)).toContain("1 Mar");
  });
});
