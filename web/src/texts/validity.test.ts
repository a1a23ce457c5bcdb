import { i18n } from "@lingui/core";
import { beforeAll, expect, it } from "vitest";

import { speakOfFields } from "./validity";

beforeAll(() => {
  i18n.loadAndActivate({ locale: "en", messages: {} });
  speakOfFields(document);
});

function field(markup: string): HTMLInputElement {
  document.body.innerHTML = `<form>${markup}</form>`;
  const input = document.querySelector("input");
  if (input === null) throw new Error("there is no field");
  return input;
}

it("says in the page's language what is missing, and forgets it once something is typed", () => {
  const input = field(`<input required />`);
  expect(input.checkValidity()).toBe(false);
  expect(input.validationMessage).toBe("Fill this in.");
  input.value = "x";
  input.dispatchEvent(new Event("input", { bubbles: true }));
  expect(input.checkValidity()).toBe(true);
});

it("says which form is asked for", () => {
  const input = field(`<p id="hint">Letters and digits.</p><input pattern="[a-z]+" aria-describedby="hint" />`);
  input.value = "a b";
  expect(input.checkValidity()).toBe(false);
  expect(input.validationMessage).toBe("This does not fit. Letters and digits.");
});

it("is not in the way of what was put right without typing", () => {
  const input = field(`<input required />`);
  input.checkValidity();
  input.value = "x";
  input.dispatchEvent(new Event("focusout", { bubbles: true }));
  expect(input.checkValidity()).toBe(true);
});
