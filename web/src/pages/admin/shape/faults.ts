import { fieldWords } from "@/api/words";
import type { Language } from "@/texts/languages";

/** What is wrong with each field, by the path of the field in the form. */
export type Faults = ReadonlyMap<string, string>;

export const NO_FAULTS: Faults = new Map();

/** The faults that a refusal names, in a language. */
export async function faultsOf(error: unknown, language: Language): Promise<Faults> {
  const faults = new Map<string, string>();
  for (const { where, words } of await fieldWords(error, language)) {
    const path = where.replace(/^body\./, "");
    faults.set(path, faults.has(path) ? `${faults.get(path) ?? ""} ${words}` : words);
  }
  return faults;
}

/** What is wrong with a field that has no fields within; empty: nothing. */
export function faultOf(faults: Faults, path: string): string {
  return [...faults]
    .filter(([where]) => where === path || where.startsWith(`${path}.`))
    .map(([, words]) => words)
    .join(" ");
}
