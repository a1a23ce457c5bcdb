import { TextInput } from "@mantine/core";

import { fromLocal, toLocal } from "./moments";
import { useField, type FieldProps } from "./useField";

/** A day and a time, in the zone of the browser. */
export function MomentField({ field, path }: FieldProps<"moment">) {
  const { value, set, shown } = useField(field, path);
  return (
    <TextInput
      {...shown}
      type="datetime-local"
      value={toLocal(value)}
      onChange={(event) => {
        set(fromLocal(event.currentTarget.value));
      }}
    />
  );
}
