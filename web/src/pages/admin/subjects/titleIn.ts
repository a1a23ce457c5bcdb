/** The title in a language, else in the first one that there is. */
export function titleIn(texts: Record<string, { title: string }>, language: string): string {
  return (texts[language] ?? Object.values(texts)[0])?.title ?? "";
}
