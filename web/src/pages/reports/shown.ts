import type { components } from "@/api/contract";
import type { Formats } from "@/texts/format";
import { duration } from "@/texts/format";
import type { Subject } from "@/texts/figures";

export type Line = components["schemas"]["LineOut"];
export type Report = components["schemas"]["PeriodReport"];

/** The figures that stand out, by report. */
export const KEY_FIGURES: Record<Subject, readonly string[]> = {
  calls: ["service_level", "service_level_without_short", "offered", "abandoned", "mean_wait_s", "longest_wait_s"],
  operators: ["occupancy", "mean_handling_s", "accepted", "missed", "logged_in_s", "break_s"],
  attempts: ["placed", "reached_share", "talked", "sales", "dials_abandonment", "undisposed"],
  orders: ["placed", "gross", "cancelled", "returned"],
  complaints: ["opened", "solved", "rejected", "unsolved"],
};

/** The columns of the table, by report. */
export const COLUMNS: Record<Subject, readonly string[]> = {
  calls: [
    "offered",
    "answered",
    "abandoned",
    "abandonment",
    "service_level",
    "service_level_without_short",
    "mean_wait_s",
    "longest_wait_s",
    "mean_talk_s",
    "mean_hold_s",
    "let_go",
    "turned_away",
    "line_lost",
    "failed",
  ],
  operators: [
    "logged_in_s",
    "idle_s",
    "ringing_s",
    "talking_s",
    "on_hold_s",
    "wrap_up_s",
    "previewing_s",
    "break_s",
    "occupancy",
    "mean_handling_s",
    "accepted",
    "missed",
    "declined",
  ],
  attempts: [
    "placed",
    "reached",
    "talked",
    "sales",
    "callbacks",
    "do_not_call",
    "undisposed",
    "dials_abandonment",
    "machines",
    "busy",
    "no_answer",
    "wrong_numbers",
    "not_placed",
  ],
  orders: ["placed", "net", "gross", "cancelled", "returned", "cancelled_share"],
  complaints: ["opened", "solved", "rejected", "unsolved", "solved_share"],
};

/** What is drawn on each other, by report; together they are the height of a bar. */
export const STACKED: Record<Subject, readonly string[]> = {
  calls: ["answered", "abandoned", "let_go", "turned_away", "line_lost", "failed"],
  operators: ["talking_s", "on_hold_s", "wrap_up_s", "ringing_s", "previewing_s", "idle_s", "break_s"],
  attempts: ["dials_answered", "dials_abandoned", "hung_up", "machines", "busy", "no_answer", "wrong_numbers"],
  orders: ["placed"],
  complaints: ["solved", "rejected", "unsolved"],
};

/** Parts of a whole in their order, or steps of which each has fewer. */
export const STEPS: Partial<Record<Subject, readonly string[]>> = {
  calls: ["waited_to_10", "waited_to_20", "waited_to_30", "waited_to_60", "waited_to_120", "waited_over_120"],
  attempts: ["placed", "reached", "talked", "sales"],
};

const SHARES = new Set([
  "service_level",
  "service_level_without_short",
  "abandonment",
  "occupancy",
  "break_share",
  "acceptance",
  "reached_share",
  "dials_abandonment",
  "sale_share",
  "cancelled_share",
  "solved_share",
]);
const MEANS = new Set([
  "mean_wait_s",
  "mean_answer_s",
  "mean_patience_s",
  "mean_talk_s",
  "mean_hold_s",
  "mean_handling_s",
  "mean_wrap_up_s",
]);

/** Whether a figure has rows of its own: quotients have none. */
export function hasRows(figure: string): boolean {
  return !SHARES.has(figure) && !MEANS.has(figure);
}

/** The number of a figure for drawing; 0 where there is none. */
export function valueOf(line: Line, figure: string): number {
  return Number(line.money[figure] ?? line.figures[figure] ?? 0);
}

/** A figure as people read it. */
export function said(line: Line, figure: string, formats: Formats): string {
  const amount = line.money[figure];
  if (amount !== undefined) return formats.money(amount);
  const value = line.figures[figure];
  if (value === null || value === undefined) return "–";
  if (SHARES.has(figure)) return formats.percent(value);
  if (figure.endsWith("_s")) return duration(value);
  return formats.number(value);
}
