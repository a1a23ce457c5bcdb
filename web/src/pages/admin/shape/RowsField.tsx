import { useLingui } from "@lingui/react/macro";
import { Button, UnstyledButton } from "@mantine/core";

import { Icon } from "@/parts/Icon";

import { FieldInput } from "./FieldInput";
import css from "./shape.module.css";
import { useField, type FieldProps } from "./useField";

/** A list of parts, each with fields of its own; their order counts. */
export function RowsField({ field, path }: FieldProps<"rows">) {
  const { i18n, t } = useLingui();
  const { value, set, shown } = useField(field, path);
  const { label } = shown;
  const rows: unknown[] = Array.isArray(value) ? value : [];
  const moved = (from: number, to: number) => rows.toSpliced(from, 1).toSpliced(to, 0, rows[from]);
  return (
    <fieldset className={css.group}>
      <legend>{shown.label}</legend>
      {shown.description && <p className={css.hint}>{shown.description}</p>}
      <ol className={css.rows}>
        {rows.map((_, at) => {
          const number = at + 1;
          return (
            <li key={at} className={css.row}>
              <div className={css.fields}>
                {field.of.map((one) => (
                  <FieldInput key={one.name} field={one} path={`${path}.${String(at)}.${one.name}`} />
                ))}
              </div>
              {!shown.disabled && (
                <div className={css.rowButtons}>
                  {at > 0 && (
                    <UnstyledButton
                      className={css.small}
                      aria-label={t`${label}: move ${number} up`}
                      onClick={() => {
                        set(moved(at, at - 1));
                      }}
                    >
                      <Icon name="up" size={16} />
                    </UnstyledButton>
                  )}
                  <UnstyledButton
                    className={css.small}
                    aria-label={t`${label}: take ${number} away`}
                    onClick={() => {
                      set(rows.toSpliced(at, 1));
                    }}
                  >
                    <Icon name="close" size={16} />
                  </UnstyledButton>
                </div>
              )}
            </li>
          );
        })}
      </ol>
      {!shown.disabled && (
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<Icon name="plus" size={15} />}
          onClick={() => {
            set([...rows, structuredClone(field.blank)]);
          }}
        >
          {i18n._(field.add)}
        </Button>
      )}
    </fieldset>
  );
}
