import { useLingui } from "@lingui/react/macro";

import { faultOf } from "./faults";
import type { AnyField } from "./field";
import { useFormState } from "./FormContext";
import { valueAt } from "./paths";

export type FieldOf<K extends AnyField["kind"]> = AnyField & { kind: K };

export interface FieldProps<K extends AnyField["kind"]> {
  field: FieldOf<K>;
  path: string;
}

/** What an input of a field shows, says and does. */
export function useField(field: AnyField, path: string) {
  const { i18n } = useLingui();
  const { form, faults, fixed, change } = useFormState();
  return {
    value: valueAt(form, path),
    set: (value: unknown) => {
      change(path, value);
    },
    shown: {
      label: i18n._(field.label),
      description: field.hint && i18n._(field.hint),
      error: faultOf(faults, path) || undefined,
      required: field.required,
      disabled: fixed,
    },
  };
}
