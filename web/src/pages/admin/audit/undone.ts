import type { Form } from "../shape/paths";

type Fields = Record<string, unknown> | null;

/**
 * A form as it is now, with what one change made of it taken back.
 *
 * @returns null where that cannot be done: a field is not one of the form, or was changed once more since.
 */
export function undone(form: Form, before: Fields, after: Fields): Form | null {
  if (before === null || after === null) return null;
  const fields = Object.keys(before);
  if (fields.length === 0) return null;
  const fits = fields.every((field) => field in form && same(form[field], after[field]));
  return fits ? { ...form, ...before } : null;
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
