/** Days in a time zone as moments. */

const MINUTE_MS = 60_000;

/** How far a zone's clock is ahead of UTC at a moment, in milliseconds. */
function offset(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  }).formatToParts(at);
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value ?? "0");
  const shown = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"));
  return shown - Math.floor(at / MINUTE_MS) * MINUTE_MS;
}

/**
 * When a day begins in a zone, also where the clock is set on that day.
 *
 * @param day `2026-03-29`
 * @param later days later
 */
export function beginOf(day: string, zone: string, later = 0): Date {
  const [year = 1970, month = 1, date = 1] = day.split("-").map(Number);
  const midnight = Date.UTC(year, month - 1, date + later);
  const near = midnight - offset(midnight, zone);
  return new Date(midnight - offset(near, zone));
}

/** The day that a moment is on in a zone, and days before it: `2026-03-29`. */
export function dayOf(at: number, zone: string, before = 0): string {
  const local = new Date(at + offset(at, zone));
  local.setUTCDate(local.getUTCDate() - before);
  return local.toISOString().slice(0, 10);
}

export function ownZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
