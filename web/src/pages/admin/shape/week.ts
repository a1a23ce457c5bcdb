export interface Hours {
  opens: string;
  closes: string;
}

const DAYS = 7;
const WORKING_DAYS = 5;
const MONDAY = Date.UTC(2024, 0, 1); // which was one
const DAY_MS = 86_400_000;

/** The names of the weekdays from Monday, in a language. */
export function weekdays(locale: string): string[] {
  const format = new Intl.DateTimeFormat(locale, { weekday: "long", timeZone: "UTC" });
  return Array.from({ length: DAYS }, (_, at) => format.format(MONDAY + at * DAY_MS));
}

/** A week in which Tuesday to Friday have the hours of Monday. */
export function copied(week: Hours[][]): Hours[][] {
  const monday = week[0] ?? [];
  return Array.from({ length: DAYS }, (_, at) => structuredClone(at < WORKING_DAYS ? monday : (week[at] ?? [])));
}
