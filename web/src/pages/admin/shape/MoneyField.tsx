import { TextInput } from "@mantine/core";

import { useField, type FieldProps } from "./useField";

/** An exact decimal, kept as text as it is typed; a comma counts as the point. */
export function MoneyField({ field, path }: FieldProps<"money">) {
  const { value, set, shown } = useField(field, path);
  return (
    <TextInput
      {...shown}
      inputMode="decimal"
      autoComplete="off"
      pattern="[0-9]{1,12}(\.[0-9]{1,4})?"
      value={String(value ?? "")}
      onChange={(event) => {
        set(event.currentTarget.value.replace(",", ".").trim());
      }}
    />
  );
}
