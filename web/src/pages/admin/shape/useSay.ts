import { useLingui } from "@lingui/react/macro";

import { useFormats } from "@/texts/format";
import { useLanguage } from "@/texts/speaking";

import type { Say } from "./subject";

/** How cells say things in the reader's language. */
export function useSay(): Say {
  const { i18n } = useLingui();
  const formats = useFormats();
  return {
    language: useLanguage(),
    text: (message) => i18n._(message),
    number: formats.number,
    date: formats.date,
  };
}
