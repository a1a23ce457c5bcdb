import { TextInput } from "@mantine/core";
import { useState } from "react";

import { useField, type FieldProps } from "./useField";

const split = (typed: string) =>
  typed
    .split(/[,;\n]/)
    .map((one) => one.trim())
    .filter(Boolean);

/** Words, with commas between them. */
export function WordsField({ field, path }: FieldProps<"words">) {
  const { value, set, shown } = useField(field, path);
  const kept = Array.isArray(value) ? value.map(String) : [];
  const [typed, setTyped] = useState(kept.join(", "));
  const same = split(typed).join("\n") === kept.join("\n");
  return (
    <TextInput
      {...shown}
      autoComplete="off"
      value={same ? typed : kept.join(", ")}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        set(split(event.currentTarget.value));
      }}
    />
  );
}
