import { useLingui } from "@lingui/react";

import { ChoiceField } from "./ChoiceField";
import { asked, type AnyField } from "./field";
import { FlagField } from "./FlagField";
import { useFormState } from "./FormContext";
import { GroupField } from "./GroupField";
import { LanguagesField } from "./LanguagesField";
import { LongField } from "./LongField";
import { MaybeField } from "./MaybeField";
import { MomentField } from "./MomentField";
import { MoneyField } from "./MoneyField";
import { NumberField } from "./NumberField";
import { RowsField } from "./RowsField";
import { SeveralField } from "./SeveralField";
import css from "./shape.module.css";
import { TextField } from "./TextField";
import { TitlesField } from "./TitlesField";
import { WeekField } from "./WeekField";
import { WordsField } from "./WordsField";

interface Props {
  field: AnyField;
  path: string;
}

/** A field with what stands above and below it; nothing while the form does not ask for it. */
export function FieldInput({ field, path }: Props) {
  const { i18n } = useLingui();
  const { form, isNew } = useFormState();
  if (!asked(field, form, isNew)) return null;
  const About = field.about;
  return (
    <>
      {field.heading && <h2 className={css.heading}>{i18n._(field.heading)}</h2>}
      <InputOfKind field={field} path={path} />
      {About && <About />}
    </>
  );
}

/** The input for a field, of its kind. */
function InputOfKind({ field, path }: Props) {
  switch (field.kind) {
    case "text":
    case "password":
    case "date":
    case "time":
      return <TextField field={field} path={path} />;
    case "moment":
      return <MomentField field={field} path={path} />;
    case "long":
      return <LongField field={field} path={path} />;
    case "number":
      return <NumberField field={field} path={path} />;
    case "money":
      return <MoneyField field={field} path={path} />;
    case "flag":
      return <FlagField field={field} path={path} />;
    case "choice":
      return <ChoiceField field={field} path={path} />;
    case "several":
      return <SeveralField field={field} path={path} />;
    case "words":
      return <WordsField field={field} path={path} />;
    case "group":
      return <GroupField field={field} path={path} />;
    case "maybe":
      return <MaybeField field={field} path={path} />;
    case "rows":
      return <RowsField field={field} path={path} />;
    case "languages":
      return <LanguagesField field={field} path={path} />;
    case "titles":
      return <TitlesField field={field} path={path} />;
    case "week":
      return <WeekField field={field} path={path} />;
  }
}
