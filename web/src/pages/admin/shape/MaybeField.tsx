import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";

import { Icon } from "@/parts/Icon";

import { FieldInput } from "./FieldInput";
import css from "./shape.module.css";
import { useField, type FieldProps } from "./useField";

/** Fields that belong together, and may be missing together. */
export function MaybeField({ field, path }: FieldProps<"maybe">) {
  const { i18n } = useLingui();
  const { value, set, shown } = useField(field, path);
  if (value === null || value === undefined) {
    return (
      <div>
        <Button
          size="compact-sm"
          variant="default"
          disabled={shown.disabled}
          leftSection={<Icon name="plus" size={15} />}
          onClick={() => {
            set(structuredClone(field.blank));
          }}
        >
          {i18n._(field.add)}
        </Button>
      </div>
    );
  }
  return (
    <fieldset className={css.group}>
      <legend>{shown.label}</legend>
      <div className={css.fields}>
        {field.of.map((one) => (
          <FieldInput key={one.name} field={one} path={`${path}.${one.name}`} />
        ))}
      </div>
      {!shown.disabled && (
        <Button
          size="compact-sm"
          variant="subtle"
          mt="xs"
          onClick={() => {
            set(null);
          }}
        >
          <Trans>Without it</Trans>
        </Button>
      )}
    </fieldset>
  );
}
