import { Textarea, TextInput } from "@mantine/core";

import { LANGUAGES, type Language } from "@/texts/languages";

import { faultOf } from "./faults";
import { useFormState } from "./FormContext";
import css from "./shape.module.css";
import { useField, type FieldProps } from "./useField";

/** One text in each language; a language without a text is left out. */
export function TitlesField({ field, path }: FieldProps<"titles">) {
  const { value, set, shown } = useField(field, path);
  const { faults } = useFormState();
  const texts = (value ?? {}) as Partial<Record<Language, string>>;
  const Input = field.long ? Textarea : TextInput;
  return (
    <fieldset className={css.group}>
      <legend>{shown.label}</legend>
      {shown.description && <p className={css.hint}>{shown.description}</p>}
      <div className={css.fields}>
        {(Object.keys(LANGUAGES) as Language[]).map((language) => (
          <Input
            key={language}
            label={LANGUAGES[language]}
            lang={language}
            required={shown.required}
            disabled={shown.disabled}
            error={faultOf(faults, `${path}.${language}`) || undefined}
            value={texts[language] ?? ""}
            onChange={(event) => {
              const typed = event.currentTarget.value;
              const others = Object.entries(texts).filter(([one]) => one !== language);
              set(Object.fromEntries(typed ? [...others, [language, typed]] : others));
            }}
          />
        ))}
      </div>
      {faults.has(path) && <p className={css.fault}>{faults.get(path)}</p>}
    </fieldset>
  );
}
