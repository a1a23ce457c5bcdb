import { useLingui } from "@lingui/react/macro";

import { FieldInput } from "./FieldInput";
import css from "./shape.module.css";
import type { FieldProps } from "./useField";

/** Fields that belong together. */
export function GroupField({ field, path }: FieldProps<"group">) {
  const { i18n } = useLingui();
  return (
    <fieldset className={css.group}>
      <legend>{i18n._(field.label)}</legend>
      {field.hint && <p className={css.hint}>{i18n._(field.hint)}</p>}
      <div className={css.fields}>
        {field.of.map((one, at) => (
          <FieldInput key={at} field={one} path={`${path}.${one.name}`} />
        ))}
      </div>
    </fieldset>
  );
}
