import { Trans } from "@lingui/react/macro";
import { Checkbox } from "@mantine/core";

import { Empty } from "@/parts/Empty";

import css from "./shape.module.css";
import { useField, type FieldProps } from "./useField";
import { useOptions } from "./useOptions";

/** Any number of things. */
export function SeveralField({ field, path }: FieldProps<"several">) {
  const { value, set, shown } = useField(field, path);
  const chosen = Array.isArray(value) ? value.map(String) : [];
  const options = useOptions(field.options, chosen);
  return (
    <Checkbox.Group
      label={shown.label}
      description={shown.description}
      error={shown.error}
      value={chosen}
      onChange={(picked) => {
        set(field.number ? picked.map(Number) : picked);
      }}
    >
      <div className={css.several}>
        {options.map((one) => (
          <Checkbox key={one.value} value={one.value} label={one.label} disabled={shown.disabled} />
        ))}
        {options.length === 0 && (
          <Empty>
            <Trans>There is nothing to choose yet.</Trans>
          </Empty>
        )}
      </div>
    </Checkbox.Group>
  );
}
