import type { AnyField } from "./field";
import { withValue, type Form } from "./paths";

/** A form that was begun, with the tag of what it changes. */
export interface Draft {
  form: Form;
  tag: string;
}

/** The draft that this browser tab keeps; null: none. */
export function kept(place: string): Draft | null {
  const text = sessionStorage.getItem(place);
  return text === null ? null : (JSON.parse(text) as Draft);
}

/** Keeps a draft over a reload, without passwords. */
export function keep(place: string, draft: Draft, fields: readonly AnyField[]): void {
  sessionStorage.setItem(place, JSON.stringify({ ...draft, form: withoutPasswords(draft.form, fields) }));
}

export function forget(place: string): void {
  sessionStorage.removeItem(place);
}

/** The form with every password empty, in groups and rows, too. */
export function withoutPasswords(form: Form, fields: readonly AnyField[]): Form {
  return fields.reduce((left, field) => {
    if (field.kind === "password") return withValue(left, field.name, "");
    const inner = left[field.name];
    if (field.kind === "rows" && Array.isArray(inner)) {
      return withValue(
        left,
        field.name,
        inner.map((row) => withoutPasswords(row as Form, field.of)),
      );
    }
    if (field.kind !== "group" || typeof inner !== "object" || inner === null) return left;
    return withValue(left, field.name, withoutPasswords(inner as Form, field.of));
  }, form);
}
