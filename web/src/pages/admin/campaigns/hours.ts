import type { components } from "@/api/contract";

import type { Hours } from "../shape/week";

type Span = NonNullable<components["schemas"]["CampaignIn"]["hours"]>[number];

const DAYS = 7;

/** Calling hours as a week from Monday. */
export function asWeek(spans: readonly Span[]): Hours[][] {
  return Array.from({ length: DAYS }, (_, at) =>
    spans.filter(({ days }) => days.includes(at + 1)).map(({ from, to }) => ({ opens: from, closes: to })),
  );
}

/** A week as calling hours: days with the same hours stand together. */
export function asSpans(week: readonly Hours[][]): Span[] {
  const spans: Span[] = [];
  week.forEach((hours, at) => {
    for (const { opens: from, closes: to } of hours) {
      const same = spans.find((one) => one.from === from && one.to === to && !one.days.includes(at + 1));
      if (same) same.days.push(at + 1);
      else spans.push({ days: [at + 1], from, to });
    }
  });
  return spans;
}
