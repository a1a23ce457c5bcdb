import { TextInput } from "@mantine/core";

import { useField, type FieldProps } from "./useField";

const TYPES = { text: "text", password: "password", date: "date", time: "text" } as const;

/** A line of text, a password, or a day; an empty one is null where it may be missing, as a day always may. */
export function TextField({ field, path }: FieldProps<"text" | "password" | "date" | "time">) {
  const { value, set, shown } = useField(field, path);
  const kind = field.kind as keyof typeof TYPES;
  return (
    <TextInput
      {...shown}
      type={TYPES[kind]}
      autoComplete={kind === "password" ? "new-password" : "off"}
      maxLength={field.most}
      pattern={kind === "time" ? "([01][0-9]|2[0-3]):[0-5][0-9]|24:00" : field.pattern}
      value={String(value ?? "")}
      onChange={(event) => {
        const typed = event.currentTarget.value;
        set(typed === "" && (field.none || kind === "date") ? null : typed);
      }}
    />
  );
}
