import { i18n, type Messages } from "@lingui/core";
import { useLingui } from "@lingui/react";

import { LOCALES, remember, type Language } from "./languages";

type Catalogue = Record<Language, () => Promise<{ messages: Messages }>>;

const OF_ALL: Catalogue = {
  et: () => import("./et.po"),
  ru: () => import("./ru.po"),
  en: () => import("./en.po"),
};

const OF_ADMINISTRATORS: Catalogue = {
  et: () => import("./admin/et.po"),
  ru: () => import("./admin/ru.po"),
  en: () => import("./admin/en.po"),
};

const loaded = new Set([OF_ALL]);

/** Loads a language's texts and shows the page in it. */
export async function speak(language: Language): Promise<void> {
  const catalogues = await Promise.all([...loaded].map((one) => one[language]()));
  const messages = Object.assign({}, ...catalogues.map((one) => one.messages)) as Messages;
  i18n.loadAndActivate({ locale: language, messages });
  document.documentElement.lang = language;
}

/** Loads the texts of administrators' pages, too. */
export async function speakToAdministrators(): Promise<void> {
  if (loaded.has(OF_ADMINISTRATORS)) return;
  const { messages } = await OF_ADMINISTRATORS[i18n.locale as Language]();
  loaded.add(OF_ADMINISTRATORS);
  i18n.load(i18n.locale, messages);
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
