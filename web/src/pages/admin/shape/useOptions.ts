import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";

import { useLanguage } from "@/texts/speaking";

import type { Option, Options } from "./field";
import { optionsQuery, type OptionSource } from "./options";

function split(options: Options): { named: readonly Option[]; of: OptionSource | null } {
  if (typeof options === "string") return { named: [], of: options };
  return "of" in options ? options : { named: options, of: null };
}

/** What can be chosen, in the reader's language; what is chosen but not known stands under its own id. */
export function useOptions(options: Options, chosen: readonly string[]): { value: string; label: string }[] {
  const { i18n } = useLingui();
  const language = useLanguage();
  const { named, of } = split(options);
  const { data } = useQuery({ ...optionsQuery(of ?? "queues"), enabled: of !== null });
  const known = [
    ...named.map(({ value, label }) => ({ value, label: i18n._(label) })),
    ...(of === null ? [] : (data ?? []).map(({ value, label }) => ({ value, label: label[language] }))),
  ];
  const missing = chosen.filter((one) => one && !known.some(({ value }) => value === one));
  return [...known, ...missing.map((one) => ({ value: one, label: one }))];
}
