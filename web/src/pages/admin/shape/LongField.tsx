import { Textarea } from "@mantine/core";

import { useField, type FieldProps } from "./useField";

/** A text of several lines. */
export function LongField({ field, path }: FieldProps<"long">) {
  const { value, set, shown } = useField(field, path);
  return (
    <Textarea
      {...shown}
      autosize
      minRows={3}
      maxRows={18}
      maxLength={field.most}
      value={String(value ?? "")}
      onChange={(event) => {
        set(event.currentTarget.value);
      }}
    />
  );
}
