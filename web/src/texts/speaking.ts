import { i18n, type Messages } from "@lingui/core";
import { useLingui } from "@lingui/react";

import { LOCALES, remember, type Language } from "./languages";

const CATALOGUES: Record<Language, () => Promise<{ messages: Messages }>> = {
  et: () => import("./et.po"),
  ru: () => import("./ru.po"),
  en: () => import("./en.po"),
};

/** Loads a language's texts and shows the page in it. */
export async function speak(language: Language): Promise<void> {
  const { messages } = await CATALOGUES[language]();
  i18n.loadAndActivate({ locale: language, messages });
  document.documentElement.lang = language;
}

/** Speaks a language from now on, and remembers it for the next time. */
export async function choose(language: Language): Promise<void> {
  await speak(language);
  remember(language);
}

/** The language that the page is shown in. */
export function useLanguage(): Language {
  return useLingui().i18n.locale as Language;
}

/** The name of that language for `Intl`. */
export function useLocale(): string {
  return LOCALES[useLanguage()];
}
