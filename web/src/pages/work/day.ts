import { queryOptions } from "@tanstack/react-query";

import { answer, api } from "@/api/client";
import { GROWS } from "@/api/queries";

const FEW = 6;
const STALE_MS = 30_000;

/**
 * What my day has added up to.
 *
 * @param since when my present state began: a new state makes it be read anew.
 */
export const myDayQuery = (since: string | null) =>
  queryOptions({
    queryKey: ["my_day", since],
    queryFn: () => answer(api.GET("/api/v1/me/day")),
    staleTime: STALE_MS,
    refetchInterval: 2 * STALE_MS,
    placeholderData: (before) => before,
  });

/** Customers whom I have promised to call back, the next first. */
export const myCallbacksQuery = (operator: number) =>
  queryOptions({
    queryKey: ["callback", "of", operator],
    queryFn: () => answer(api.GET("/api/v1/callbacks", { params: { query: { operator, limit: FEW } } })),
    staleTime: STALE_MS,
  });

/** My tasks of complaints, the next due first. */
export const myTasksQuery = queryOptions({
  queryKey: ["complaint_task", "mine"],
  meta: GROWS,
  queryFn: () => answer(api.GET("/api/v1/complaint-tasks", { params: { query: { mine: true, limit: FEW } } })),
  staleTime: STALE_MS,
});

/** Complaints that I have, the next due first. */
export const myComplaintsQuery = queryOptions({
  queryKey: ["complaint", "mine"],
  meta: GROWS,
  queryFn: () =>
    answer(api.GET("/api/v1/complaints", { params: { query: { mine: true, open: true, by_due: true, limit: FEW } } })),
  staleTime: STALE_MS,
});

/** Complaints of my departments that nobody has taken yet, the newest first. */
export const departmentComplaintsQuery = queryOptions({
  queryKey: ["complaint", "of my departments"],
  meta: GROWS,
  queryFn: () =>
    answer(
      api.GET("/api/v1/complaints", {
        params: { query: { my_departments: true, state: ["open", "reopened"], limit: FEW } },
      }),
    ),
  staleTime: STALE_MS,
});
