import type { CallsAsked } from "./queries";

export const OUTCOMES = [
  "answered",
  "abandoned",
  "max_wait",
  "dropped",
  "failed",
  "lost",
  "turned_away",
  "refused",
] as const;
export const DIRECTIONS = ["inbound", "outbound", "operator", "internal"] as const;

/** What calls are looked for; it stands in the page's address. */
export interface CallSearch {
  /** The first and the last day: `2026-03-02`. */
  from?: string;
  to?: string;
  queue?: string;
  operator?: number;
  outcome?: (typeof OUTCOMES)[number];
  direction?: (typeof DIRECTIONS)[number];
  number?: string;
}

export function readCallSearch(search: Record<string, unknown>): CallSearch {
  const text = (name: string) => {
    const value = search[name];
    return typeof value === "string" && value ? value : typeof value === "number" ? String(value) : undefined;
  };
  const operator = Number(search.operator);
  const found: CallSearch = {
    from: text("from"),
    to: text("to"),
    queue: text("queue"),
    operator: Number.isInteger(operator) && operator > 0 ? operator : undefined,
    outcome: OUTCOMES.find((one) => one === search.outcome),
    direction: DIRECTIONS.find((one) => one === search.direction),
    number: text("number"),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** What the service is asked for: days are days of this browser's clock. */
export function callsAsked({ from, to, ...rest }: CallSearch): CallsAsked {
  const midnight = (day: string, later: number) => {
    const [year = 1970, month = 1, date = 1] = day.split("-").map(Number);
    return new Date(year, month - 1, date + later).toISOString();
  };
  return {
    ...rest,
    ...(from && DAY.test(from) ? { from_at: midnight(from, 0) } : {}),
    ...(to && DAY.test(to) ? { to_at: midnight(to, 1) } : {}),
  };
}
