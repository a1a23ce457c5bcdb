import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";

import { answer, api } from "@/api/client";
import type { components } from "@/api/contract";

import type { askedOf } from "./asking";

type Asked = ReturnType<typeof askedOf>;
type Subject = components["schemas"]["Subject"];

const OLD_MS = 30_000;

export const reportQuery = ({ subject, query }: Asked) =>
  queryOptions({
    queryKey: ["report", subject, query],
    queryFn: () => answer(api.GET("/api/v1/reports/{subject}", { params: { path: { subject }, query } })),
    staleTime: OLD_MS,
    placeholderData: keepPreviousData,
  });

export type NeedsOfDay = components["schemas"]["NeedsOut"];
export type PartOfDay = NeedsOfDay["parts"][number];

/** How many operators a day needs. */
export const needsQuery = (query: { day: string; zone: string; level: number; queue?: string }) =>
  queryOptions({
    queryKey: ["report", "needs", query],
    queryFn: () => answer(api.GET("/api/v1/reports/needs", { params: { query } })),
    staleTime: OLD_MS,
    placeholderData: keepPreviousData,
  });

/** The rows that a figure counts, by the address that its line tells. */
export const rowsQuery = (address: string, figure: string) =>
  infiniteQueryOptions({
    queryKey: ["report", "rows", address, figure],
    queryFn: ({ pageParam }) => {
      const url = new URL(address, location.href);
      const subject = url.pathname.split("/").at(-2) as Subject;
      const told = Object.fromEntries(url.searchParams) as { from_at: string; to_at: string };
      const cursor = pageParam === "" ? {} : { cursor: pageParam };
      const query = { ...told, figure, limit: 50, ...cursor };
      return answer(api.GET("/api/v1/reports/{subject}/rows", { params: { path: { subject }, query } }));
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    staleTime: OLD_MS,
  });
