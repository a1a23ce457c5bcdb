import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { answer, api } from "@/api/client";
import type { components } from "@/api/contract";
import { Refused, type Problem } from "@/api/refused";
import { ownZone } from "@/pages/reports/zones";

import type { LeadSearch } from "./search";

export type Campaign = components["schemas"]["CampaignOut"];
export type Import = components["schemas"]["ImportOut"];
export type Lead = components["schemas"]["LeadOut"];
export type Talk = components["schemas"]["AttemptOut"];
export type CampaignChange = components["schemas"]["ChangeOut"];
export type WholeImport = components["schemas"]["WholeImportOut"];

const WATCH_MS = 5_000;
const MOVING_MS = 700;
const DAYS_MS = 30 * 86_400_000;

export const campaignsQuery = queryOptions({
  queryKey: ["campaign", "all"],
  queryFn: () => answer(api.GET("/api/v1/campaigns", {})),
});

export const campaignQuery = (id: number) =>
  queryOptions({
    queryKey: ["campaign", id],
    queryFn: () => answer(api.GET("/api/v1/campaigns/{id}", { params: { path: { id } } })),
    refetchInterval: WATCH_MS,
  });

const PAGE = 20;
const MOST = 100;
const firstPage = null as string | null;

/** Which rules stop how many leads. */
export const stoppedQuery = (id: number) =>
  queryOptions({
    queryKey: ["campaign", id, "stopped"],
    queryFn: () => answer(api.GET("/api/v1/campaigns/{id}/stopped", { params: { path: { id } } })),
    refetchInterval: WATCH_MS,
  });

export const leadsQuery = (id: number, asked: LeadSearch) =>
  infiniteQueryOptions({
    queryKey: ["campaign", id, "leads", asked],
    queryFn: ({ pageParam }) => {
      const query = { ...asked, cursor: pageParam, limit: PAGE };
      return answer(api.GET("/api/v1/campaigns/{id}/leads", { params: { path: { id }, query } }));
    },
    initialPageParam: firstPage,
    getNextPageParam: (last) => last.next,
    refetchInterval: WATCH_MS,
  });

export const callbacksQuery = (campaign: number) =>
  queryOptions({
    queryKey: ["campaign", campaign, "callbacks"],
    queryFn: () => answer(api.GET("/api/v1/callbacks", { params: { query: { campaign, limit: MOST } } })),
    refetchInterval: WATCH_MS,
  });

export const talksQuery = (id: number, undisposed: boolean) =>
  infiniteQueryOptions({
    queryKey: ["campaign", id, "talks", undisposed],
    queryFn: ({ pageParam }) => {
      const query = { undisposed, cursor: pageParam, limit: PAGE };
      return answer(api.GET("/api/v1/campaigns/{id}/attempts", { params: { path: { id }, query } }));
    },
    initialPageParam: firstPage,
    getNextPageParam: (last) => last.next,
    refetchInterval: WATCH_MS,
  });

export const changesQuery = (id: number) =>
  infiniteQueryOptions({
    queryKey: ["campaign", id, "changes"],
    queryFn: ({ pageParam }) =>
      answer(
        api.GET("/api/v1/campaigns/{id}/changes", {
          params: { path: { id }, query: { cursor: pageParam, limit: PAGE } },
        }),
      ),
    initialPageParam: firstPage,
    getNextPageParam: (last) => last.next,
  });

/** The exact share of those who answered and found no operator. */
export const abandonmentQuery = (id: number) =>
  queryOptions({
    queryKey: ["campaign", id, "abandonment"],
    queryFn: () => answer(api.GET("/api/v1/campaigns/{id}/evidence/abandonment", { params: { path: { id } } })),
    refetchInterval: WATCH_MS,
  });

/** Published scripts, to see which leads through the campaign's calls. */
export const scriptsQuery = queryOptions({
  queryKey: ["script", "published"],
  queryFn: () => answer(api.GET("/api/v1/scripts", { params: { query: { state: "published", limit: MOST } } })),
});

/** What has come of a campaign's attempts in the last 30 days. */
export const funnelQuery = (id: number, now: () => number) =>
  queryOptions({
    queryKey: ["report", "campaign", id],
    queryFn: () => {
      const query = {
        from_at: new Date(now() - DAYS_MS).toISOString(),
        to_at: new Date(now() + WATCH_MS).toISOString(),
        zone: ownZone(),
        campaign: id,
      };
      return answer(api.GET("/api/v1/reports/{subject}", { params: { path: { subject: "attempts" }, query } }));
    },
    refetchInterval: WATCH_MS,
  });

const MOVING: ReadonlySet<Import["state"]> = new Set(["reading", "queued", "running", "undoing"]);

/** Whether an import goes on by itself. */
export function moves(one: Pick<Import, "state">): boolean {
  return MOVING.has(one.state);
}

export const importsQuery = (campaign: number) =>
  queryOptions({
    queryKey: ["import", "of", campaign],
    queryFn: () =>
      answer(api.GET("/api/v1/campaigns/{id}/imports", { params: { path: { id: campaign }, query: { limit: 20 } } })),
    refetchInterval: ({ state }) => (state.data?.items.some(moves) ? MOVING_MS : false),
  });

export const previewQuery = (id: number, state: Import["state"]) =>
  queryOptions({
    queryKey: ["import", id, "preview", state],
    queryFn: () => answer(api.GET("/api/v1/imports/{id}/preview", { params: { path: { id } } })),
  });

/** Brings a file as it is; the service guesses how to read it. */
export async function bringFile(campaign: number, file: File): Promise<WholeImport> {
  const response = await fetch(
    `/api/v1/campaigns/${String(campaign)}/imports?name=${encodeURIComponent(file.name.slice(0, 200))}`,
    { method: "POST", body: file, headers: { "Content-Type": "application/octet-stream" } },
  ).catch(() => {
    throw new Refused(null, 0);
  });
  if (!response.ok) throw new Refused((await response.json().catch(() => null)) as Problem | null, response.status);
  return (await response.json()) as WholeImport;
}

export type Step = "dry" | "start" | "cancel" | "undo" | "forget";

/** One step of an import. */
export async function step(id: number, what: Step): Promise<unknown> {
  const params = { path: { id } };
  switch (what) {
    case "dry":
    case "start":
      return answer(api.POST("/api/v1/imports/{id}/start", { params, body: { dry_run: what === "dry" } }));
    case "cancel":
      return answer(api.POST("/api/v1/imports/{id}/cancel", { params }));
    case "undo":
      return answer(api.POST("/api/v1/imports/{id}/undo", { params }));
    case "forget":
      return answer(api.DELETE("/api/v1/imports/{id}", { params }));
  }
}
