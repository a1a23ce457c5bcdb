import { useCallback, useState } from "react";

/**
 * What is typed into a form, kept in the browser with each letter until it is sent or given up.
 *
 * @param place the name under which it is kept; another name is another draft.
 * @param empty the form as it begins.
 */
export function useDraft<Form extends object>(place: string, empty: Form) {
  const [form, setForm] = useState<Form>(() => kept(place) ?? empty);
  const change = useCallback(
    (changes: Partial<Form>) => {
      setForm((before) => {
        const after = { ...before, ...changes };
        localStorage.setItem(place, JSON.stringify(after));
        return after;
      });
    },
    [place],
  );
  const clear = useCallback(() => {
    localStorage.removeItem(place);
    setForm(empty);
  }, [place, empty]);
  return { form, change, clear };
}

/** Whether something was typed there and not sent. */
export function hasDraft(place: string): boolean {
  return localStorage.getItem(place) !== null;
}

function kept<Form>(place: string): Form | null {
  const text = localStorage.getItem(place);
  return text === null ? null : (JSON.parse(text) as Form);
}
