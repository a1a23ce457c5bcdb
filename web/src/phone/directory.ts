import { msg } from "@lingui/core/macro";
import { queryOptions } from "@tanstack/react-query";

import { answer, api } from "@/api/client";
import type { components } from "@/api/contract";

export type Entry = components["schemas"]["Directory"]["items"][number];
export type Reachability = components["schemas"]["Reachability"];

const FEW = 7;
/** States change while one looks. */
const AGAIN_MS = 5_000;

/** Colleagues, queues and departments that a call can be passed on to. */
export const directoryQuery = (q: string) =>
  queryOptions({
    queryKey: ["directory", q],
    queryFn: () => answer(api.GET("/api/v1/directory", { params: { query: { q, with_number: true, limit: FEW } } })),
    refetchInterval: AGAIN_MS,
  });

export const REACHABLE_TEXTS = {
  free: msg`free now`,
  talking: msg`in a talk`,
  busy: msg`busy now`,
  away: msg`not at work`,
} satisfies Record<Reachability, unknown>;
