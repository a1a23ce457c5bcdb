import { useLingui } from "@lingui/react/macro";
import { NativeSelect } from "@mantine/core";

import { useField, type FieldProps } from "./useField";
import { useOptions } from "./useOptions";

/** One of several things; none of them where the field may be missing. */
export function ChoiceField({ field, path }: FieldProps<"choice">) {
  const { i18n, t } = useLingui();
  const { value, set, shown } = useField(field, path);
  const chosen = value === null || value === undefined ? "" : String(value);
  const options = useOptions(field.options, [chosen]);
  const first = field.none ? i18n._(field.none) : t`choose`;
  return (
    <NativeSelect
      {...shown}
      required={!field.none}
      withAsterisk={field.required === true}
      value={chosen}
      onChange={(event) => {
        const picked = event.currentTarget.value;
        if (picked === "") set(field.blank ?? null);
        else set(field.number ? Number(picked) : picked);
      }}
      data={[...(field.none || !chosen ? [{ value: "", label: first }] : []), ...options]}
    />
  );
}
