import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";

import { useLanguage } from "@/texts/speaking";

import type { Option, Options } from "./field";
import { optionsQuery, type OptionSource } from "./options";

const isSource = (options: Options): options is OptionSource => typeof options === "string";

/** What can be chosen, in the reader's language; what is chosen but not known stands under its own id. */
export function useOptions(options: Options, chosen: readonly string[]): { value: string; label: string }[] {
  const { i18n } = useLingui();
  const language = useLanguage();
  const source = isSource(options) ? options : null;
  const { data } = useQuery({ ...optionsQuery(source ?? "queues"), enabled: source !== null });
  const known = source
    ? (data ?? []).map(({ value, label }) => ({ value, label: label[language] }))
    : (options as readonly Option[]).map(({ value, label }) => ({ value, label: i18n._(label) }));
  const missing = chosen.filter((one) => one && !known.some(({ value }) => value === one));
  return [...known, ...missing.map((one) => ({ value: one, label: one }))];
}
