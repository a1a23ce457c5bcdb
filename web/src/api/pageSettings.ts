/** What the service keeps for the user's own pages. */

import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { answer, api } from "./client";
import type { components } from "./contract";

export type SavedSearch = components["schemas"]["SavedSearch"];
export type QueueLimit = components["schemas"]["QueueLimit"];

export const pageSettingsQuery = queryOptions({
  queryKey: ["page_settings"],
  queryFn: () => answer(api.GET("/api/v1/me/pages")),
  staleTime: 60_000,
});

/** The user's saved searches, and a way to replace all of them. */
export function useSavedSearches() {
  const client = useQueryClient();
  const kept = useQuery(pageSettingsQuery);
  const save = useMutation({
    mutationFn: (items: SavedSearch[]) => answer(api.PUT("/api/v1/me/pages/searches", { body: { items } })),
    onSuccess: (now) => {
      client.setQueryData(pageSettingsQuery.queryKey, now);
    },
  });
  return { searches: kept.data?.searches ?? [], loaded: kept.isSuccess, save };
}

/** The user's limits by queue, and a way to replace all of them. */
export function useLimits() {
  const client = useQueryClient();
  const kept = useQuery(pageSettingsQuery);
  const save = useMutation({
    mutationFn: (queues: Record<string, QueueLimit>) =>
      answer(api.PUT("/api/v1/me/pages/limits", { body: { queues } })),
    onSuccess: (now) => {
      client.setQueryData(pageSettingsQuery.queryKey, now);
    },
  });
  return { limits: kept.data?.limits ?? NONE, loaded: kept.isSuccess, save };
}

const NONE: Record<string, QueueLimit> = {};
