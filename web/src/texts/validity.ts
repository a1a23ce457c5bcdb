/** What is wrong with a field, in the language of the page: browsers say it in their own. */

import { t } from "@lingui/core/macro";

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/** Lets fields of a page say what is wrong with them in its language, from now on. */
export function speakOfFields(page: Document): void {
  page.addEventListener("invalid", say, true);
  // Words that were set keep a field from being sent, whatever is in it by then.
  for (const event of ["input", "change", "focusout"]) page.addEventListener(event, forget, true);
}

function say({ target }: Event): void {
  if (!isField(target)) return;
  target.setCustomValidity("");
  const words = wordsOf(target);
  if (words) target.setCustomValidity(words);
}

function forget({ target }: Event): void {
  if (isField(target)) target.setCustomValidity("");
}

function isField(target: EventTarget | null): target is Field {
  return (
    target instanceof HTMLInputElement || target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement
  );
}

/** Empty where the browser's own words have to do. */
function wordsOf(field: Field): string {
  const { validity } = field;
  const [min, max] = field instanceof HTMLInputElement ? [field.min, field.max] : ["", ""];
  const hint = hintOf(field);
  if (validity.valueMissing && field instanceof HTMLSelectElement) return t`Choose one.`;
  if (validity.valueMissing) return t`Fill this in.`;
  if (validity.patternMismatch || validity.typeMismatch)
    return hint ? t`This does not fit. ${hint}` : t`This does not fit.`;
  if (validity.rangeUnderflow) return t`At least ${min}.`;
  if (validity.rangeOverflow) return t`At most ${max}.`;
  if (validity.badInput || validity.stepMismatch) return t`This does not fit.`;
  return "";
}

function hintOf(field: Field): string {
  const ids = field.getAttribute("aria-describedby")?.split(" ") ?? [];
  return ids
    .map((id) => document.getElementById(id)?.textContent ?? "")
    .join(" ")
    .trim();
}
