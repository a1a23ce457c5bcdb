/** The languages of the page, each by its own name. */
export const LANGUAGES = { et: "Eesti", ru: "Русский", en: "English" } as const;

export type Language = keyof typeof LANGUAGES;

/** How numbers, dates and clocks are written: with 24 hours, in English as in Britain. */
export const LOCALES: Record<Language, string> = { et: "et-EE", ru: "ru-RU", en: "en-GB" };

export function isLanguage(name: string | null | undefined): name is Language {
  return name !== null && name !== undefined && name in LANGUAGES;
}

const KEY = "keskus.language";

/** The language that was chosen here last, else the browser's, else Estonian. */
export function rememberedLanguage(): Language {
  const wanted = [localStorage.getItem(KEY), ...navigator.languages.map((one) => one.slice(0, 2))];
  return wanted.find(isLanguage) ?? "et";
}

export function remember(language: Language): void {
  localStorage.setItem(KEY, language);
}

/** Tells of each language that is chosen in another tab from now on. */
export function whenChosenElsewhere(chosen: (language: Language) => void): void {
  window.addEventListener("storage", ({ key, newValue }) => {
    if (key === KEY && isLanguage(newValue)) chosen(newValue);
  });
}
