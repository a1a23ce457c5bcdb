import { Checkbox } from "@mantine/core";

import { useField, type FieldProps } from "./useField";

/** Yes or no. */
export function FlagField({ field, path }: FieldProps<"flag">) {
  const { value, set, shown } = useField(field, path);
  return (
    <Checkbox
      {...shown}
      checked={value === true}
      onChange={(event) => {
        set(event.currentTarget.checked);
      }}
    />
  );
}
