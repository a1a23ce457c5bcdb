/** What has come of the day so far, and of the last half hour, by queue: as reports tell it. */

import { queryOptions } from "@tanstack/react-query";

import { answer, api } from "@/api/client";
import type { components } from "@/api/contract";
import { beginOf, dayOf, ownZone } from "@/pages/reports/zones";

type Line = components["schemas"]["LineOut"];

const NOW_MS = 30 * 60_000;
const AGAIN_MS = 20_000;

async function byQueue(begins: Date, ends: Date, zone: string): Promise<Map<string, Line>> {
  const query = { from_at: begins.toISOString(), to_at: ends.toISOString(), zone, by: "queue" as const };
  const report = await answer(api.GET("/api/v1/reports/{subject}", { params: { path: { subject: "calls" }, query } }));
  return new Map(report.lines.map((line) => [line.key, line]));
}

/** @param now the service's clock, in milliseconds. */
export const todayQuery = (now: () => number) =>
  queryOptions({
    queryKey: ["report", "floor", "today"],
    queryFn: () => {
      const zone = ownZone();
      const day = dayOf(now(), zone);
      return byQueue(beginOf(day, zone), beginOf(day, zone, 1), zone);
    },
    refetchInterval: AGAIN_MS,
    structuralSharing: false,
  });

/** The last half hour. */
export const lastQuery = (now: () => number) =>
  queryOptions({
    queryKey: ["report", "floor", "last"],
    queryFn: () => byQueue(new Date(now() - NOW_MS), new Date(now()), ownZone()),
    refetchInterval: AGAIN_MS,
    structuralSharing: false,
  });
