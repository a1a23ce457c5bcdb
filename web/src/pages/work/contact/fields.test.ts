import { expect, it } from "vitest";

import { both, clashesOf, mergedOf, settled, type Fields } from "./fields";

const phone = (value: string) => ({ value, label: "", preferred: false });
const BASE: Fields = {
  given_name: "Anu",
  surname: "Saar",
  company_name: "",
  job_title: "",
  language: "et",
  note: "",
  phones: [phone("5550 0102")],
  emails: [],
};

it("joins what two people have changed of different fields", () => {
  const edit = { base: BASE, mine: { ...BASE, note: "Helista õhtul" } };
  const now = { ...BASE, phones: [phone("5550 0103")] };
  expect(clashesOf(edit, now)).toEqual([]);
  expect(mergedOf(edit, now)).toEqual({ ...now, note: "Helista õhtul" });
});

it("names a field that both have changed, until one of the values is chosen", () => {
  const edit = { base: BASE, mine: { ...BASE, note: "Helista õhtul" } };
  const now = { ...BASE, note: "Kirjuta" };
  expect(clashesOf(edit, now)).toEqual(["note"]);
  for (const note of ["Helista õhtul", "Kirjuta", "Kirjuta\nHelista õhtul"]) {
    const after = settled(edit, now, "note", note);
    expect(clashesOf(after, now)).toEqual([]);
    expect(mergedOf(after, now).note).toBe(note);
  }
  expect(clashesOf(edit, { ...BASE, note: "Helista õhtul" })).toEqual([]);
});

it("has both texts, and each number once", () => {
  expect(both("Kirjuta", "Helista")).toBe("Kirjuta\nHelista");
  expect(both([phone("1"), phone("2")], [phone("2"), phone("3")])).toEqual([phone("1"), phone("2"), phone("3")]);
});
