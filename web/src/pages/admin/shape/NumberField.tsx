import { TextInput } from "@mantine/core";

import { useField, type FieldProps } from "./useField";

/** A number; an empty input is null where the field may be missing. */
export function NumberField({ field, path }: FieldProps<"number">) {
  const { value, set, shown } = useField(field, path);
  return (
    <TextInput
      {...shown}
      type="number"
      required={!field.none}
      withAsterisk={false}
      min={field.least}
      max={field.most}
      step={field.decimals ? 10 ** -field.decimals : 1}
      value={value === null || value === undefined ? "" : String(value)}
      onChange={(event) => {
        const typed = event.currentTarget.value;
        if (typed === "") set(field.none ? null : "");
        else set(Number(typed));
      }}
    />
  );
}
