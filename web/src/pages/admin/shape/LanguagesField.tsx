import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";

import { Icon } from "@/parts/Icon";
import { LANGUAGES, type Language } from "@/texts/languages";

import { FieldInput } from "./FieldInput";
import css from "./shape.module.css";
import { useField, type FieldProps } from "./useField";

/** The same fields in each language that is wanted. */
export function LanguagesField({ field, path }: FieldProps<"languages">) {
  const { value, set, shown } = useField(field, path);
  const texts = (value ?? {}) as Partial<Record<Language, object>>;
  return (
    <fieldset className={css.group}>
      <legend>{shown.label}</legend>
      {shown.description && <p className={css.hint}>{shown.description}</p>}
      {(Object.keys(LANGUAGES) as Language[]).map((language) => {
        const name = LANGUAGES[language];
        if (texts[language] === undefined) {
          return (
            <Button
              key={language}
              size="compact-sm"
              variant="default"
              mr="xs"
              disabled={shown.disabled}
              leftSection={<Icon name="plus" size={15} />}
              onClick={() => {
                set({ ...texts, [language]: structuredClone(field.blank) });
              }}
            >
              {name}
            </Button>
          );
        }
        return (
          <fieldset key={language} className={css.group}>
            <legend lang={language}>{name}</legend>
            <div className={css.fields}>
              {field.of.map((one) => (
                <FieldInput key={one.name} field={one} path={`${path}.${language}.${one.name}`} />
              ))}
            </div>
            {!shown.disabled && Object.keys(texts).length > 1 && (
              <Button
                size="compact-sm"
                variant="subtle"
                onClick={() => {
                  set(Object.fromEntries(Object.entries(texts).filter(([one]) => one !== language)));
                }}
              >
                <Trans>Without {name}</Trans>
              </Button>
            )}
          </fieldset>
        );
      })}
    </fieldset>
  );
}
