import type { components } from "@/api/contract";

type Rules = NonNullable<components["schemas"]["RecyclingIn"]["again"]>;
type Outcome = keyof Rules & string;

const MINUTE_S = 60;
const AGAIN_S = 3 * 3600;

/** What follows an outcome, as a row of a form. */
export interface TriedAgain {
  outcome: string;
  then: "again" | "done";
  minutes: number;
  other_number: boolean;
}

export function asRows(rules: Rules): TriedAgain[] {
  return Object.entries(rules).map(([outcome, rule]) => ({
    outcome,
    then: rule ? "again" : "done",
    minutes: (rule?.gap_s ?? AGAIN_S) / MINUTE_S,
    other_number: rule?.other_number ?? true,
  }));
}

export function asRules(rows: readonly TriedAgain[]): Rules {
  return Object.fromEntries(
    rows.map(({ outcome, then, minutes, other_number }) => [
      outcome as Outcome,
      then === "again" ? { gap_s: minutes * MINUTE_S, other_number } : null,
    ]),
  );
}
