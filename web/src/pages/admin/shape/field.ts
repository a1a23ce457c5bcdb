import type { MessageDescriptor } from "@lingui/core";
import type { ComponentType } from "react";

import type { OptionSource } from "./options";
import type { Form } from "./paths";

export interface Option {
  value: string;
  label: MessageDescriptor;
}

/** What can be chosen: named here, things that are set up elsewhere, or both. */
export type Options = readonly Option[] | OptionSource | { named: readonly Option[]; of: OptionSource };

interface Common {
  label: MessageDescriptor;
  hint?: MessageDescriptor;
  required?: boolean;
  /** It can be given only when the thing is made. */
  fresh?: boolean;
  /** What stands above it and the fields that follow. */
  heading?: MessageDescriptor;
  /** What is shown below it, of the form as it is. */
  about?: ComponentType;
  /** It is asked for only while this holds of the whole form. */
  when?: (form: Form) => boolean;
}

// Fields of parts are checked by the type of the whole, where the definition's blank is written.
type Part = Field<Form>;

type Kind =
  | { kind: "text" | "password" | "date" | "time"; most?: number; pattern?: string; none?: boolean }
  | { kind: "long"; most?: number }
  | { kind: "moment" }
  | { kind: "number"; least?: number; most?: number; decimals?: number; none?: boolean }
  | { kind: "money" }
  | { kind: "flag" }
  | { kind: "choice"; options: Options; number?: boolean; none?: MessageDescriptor; blank?: "" | null }
  | { kind: "several"; options: Options; number?: boolean }
  | { kind: "words" }
  | { kind: "group"; of: Part[] }
  | { kind: "maybe"; of: Part[]; blank: Form; add: MessageDescriptor }
  | { kind: "rows"; of: Part[]; blank: Form; add: MessageDescriptor }
  | { kind: "languages"; of: Part[]; blank: Form }
  | { kind: "titles"; long?: boolean }
  | { kind: "week" };

/** A field of a form, by its name in the interface. */
export type Field<In> = Common & { name: Extract<keyof In, string> } & Kind;

export type AnyField = Common & { name: string } & Kind;

/** Whether a field is asked for, of a form as it is. */
export function asked(field: Pick<AnyField, "fresh" | "when">, form: Form, isNew: boolean): boolean {
  return (isNew || field.fresh !== true) && (field.when?.(form) ?? true);
}
