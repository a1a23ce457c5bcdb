import type { By, Subject } from "@/texts/figures";

import { beginOf, dayOf } from "./zones";

export const SUBJECTS = ["calls", "operators", "attempts", "orders", "complaints"] as const satisfies Subject[];
export const PERIODS = ["today", "yesterday", "week", "month", "days"] as const;
export type Period = (typeof PERIODS)[number];

/** What a report is asked for; it stands in the page's address. */
export interface ReportSearch {
  subject?: Subject;
  period?: Period;
  /** The first and the last day of the period `days`: `2026-03-02`. */
  from?: string;
  to?: string;
  zone?: string;
  by?: By;
  queue?: string;
  /** What is looked at: what happened, or what a day to come needs. */
  look?: "needs";
  /** The day to come: `2026-03-03`. */
  day?: string;
  /** The share of calls that is to be answered in time. */
  level?: number;
  /** The line and the figure whose rows are shown. */
  key?: string;
  figure?: string;
}

const FIRST_BY: Record<Subject, By> = {
  calls: "queue",
  operators: "operator",
  attempts: "campaign",
  orders: "day",
  complaints: "category",
};

const BYS: Record<Subject, readonly By[]> = {
  calls: ["queue", "operator"],
  operators: ["operator", "reason"],
  attempts: ["campaign", "operator", "disposition", "state"],
  orders: ["operator", "queue", "state"],
  complaints: ["category", "operator", "state"],
};
const TIMES = ["15min", "30min", "60min", "day", "hour_of_week"] as const satisfies By[];

/** What the lines of a report may be told apart by. */
export function bysOf(subject: Subject): readonly By[] {
  return [...BYS[subject], ...TIMES];
}

export function byOf(search: ReportSearch): By {
  const subject = search.subject ?? "calls";
  return search.by && bysOf(subject).includes(search.by) ? search.by : FIRST_BY[subject];
}

export function isTime(by: By): boolean {
  return (TIMES as readonly By[]).includes(by);
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** The first and the last day of the period. */
export function daysOf(search: ReportSearch, now: number, zone: string): { from: string; to: string } {
  const today = dayOf(now, zone);
  switch (search.period ?? "today") {
    case "today":
      return { from: today, to: today };
    case "yesterday":
      return { from: dayOf(now, zone, 1), to: dayOf(now, zone, 1) };
    case "week":
      return { from: dayOf(now, zone, 6), to: today };
    case "month":
      return { from: dayOf(now, zone, 29), to: today };
    case "days": {
      const from = search.from && DAY.test(search.from) ? search.from : today;
      const to = search.to && DAY.test(search.to) ? search.to : today;
      return from <= to ? { from, to } : { from: to, to: from };
    }
  }
}

/** What the service is asked for. */
export function askedOf(search: ReportSearch, now: number, own: string) {
  const zone = search.zone ?? own;
  const { from, to } = daysOf(search, now, zone);
  const by = byOf(search);
  return {
    subject: search.subject ?? "calls",
    query: {
      from_at: beginOf(from, zone).toISOString(),
      to_at: beginOf(to, zone, 1).toISOString(),
      zone,
      by,
      ...(search.queue && search.subject !== "operators" ? { queue: search.queue } : {}),
    },
  };
}

export function readSearch(search: Record<string, unknown>): ReportSearch {
  const text = (name: string) => (typeof search[name] === "string" ? search[name] : undefined);
  const one = <Value extends string>(name: string, of: readonly Value[]) => of.find((value) => value === search[name]);
  const found: ReportSearch = {
    subject: one("subject", SUBJECTS),
    period: one("period", PERIODS),
    from: text("from"),
    to: text("to"),
    zone: text("zone"),
    by: one("by", [...new Set(SUBJECTS.flatMap(bysOf))]),
    queue: text("queue"),
    look: one("look", ["needs"]),
    day: text("day"),
    level: typeof search.level === "number" ? search.level : undefined,
    key: text("key"),
    figure: text("figure"),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}
