import { createContext, useContext } from "react";

import type { Faults } from "./faults";
import type { Form } from "./paths";

export interface FormState {
  form: Form;
  faults: Faults;
  /** The thing is being made, not changed. */
  isNew: boolean;
  /** It is only looked at. */
  fixed: boolean;
  change: (path: string, value: unknown) => void;
}

export const FormContext = createContext<FormState | null>(null);

/** The form around a field. */
export function useFormState(): FormState {
  const state = useContext(FormContext);
  if (state === null) throw new Error("a field stands outside a form");
  return state;
}
