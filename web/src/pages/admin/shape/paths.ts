/** A form as the page holds it: what the interface takes, whatever it is. */
export type Form = Record<string, unknown>;

/** The value at a path such as `memberships.0.queue`; undefined where the path leads nowhere. */
export function valueAt(form: unknown, path: string): unknown {
  return path.split(".").reduce((inner, step) => (isHolder(inner) ? inner[step] : undefined), form);
}

/** The form with another value at a path; all that is not on the path stays the same object. */
export function withValue<Whole>(form: Whole, path: string, value: unknown): Whole {
  const [step = "", ...rest] = path.split(".");
  const inner = isHolder(form) ? form[step] : undefined;
  const changed = rest.length ? withValue(inner ?? {}, rest.join("."), value) : value;
  if (Array.isArray(form)) return form.map((one: unknown, at) => (String(at) === step ? changed : one)) as Whole;
  return { ...form, [step]: changed };
}

function isHolder(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
