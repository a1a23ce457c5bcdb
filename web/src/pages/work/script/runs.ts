import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { answer, answerWithTag, api } from "@/api/client";
import type { components } from "@/api/contract";

type Schemas = components["schemas"];
export type Run = Schemas["RunOut"];
export type Step = NonNullable<Run["now"]>;
export type Answer = string | string[];

interface Tagged {
  data: Run;
  /** Names what a change is made to, so that a second click or a second page changes nothing. */
  tag: string;
}

export const scriptOfCallQuery = (call: string) =>
  queryOptions({
    queryKey: ["script", "of", call],
    queryFn: () => answer(api.GET("/api/v1/calls/{id}/script", { params: { path: { id: call } } })),
    staleTime: Infinity,
  });

const runQuery = (run: number) =>
  queryOptions({
    queryKey: ["script_run", run],
    queryFn: (): Promise<Tagged> => answerWithTag(api.GET("/api/v1/script-runs/{run}", { params: { path: { run } } })),
    staleTime: Infinity,
  });

/** Begins a script in a call; begun already, it goes on. */
export function useBegin(call: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (script: number) =>
      answerWithTag(api.PUT("/api/v1/calls/{id}/scripts/{script}", { params: { path: { id: call, script } } })),
    onSuccess: async (begun: Tagged) => {
      client.setQueryData(runQuery(begun.data.id).queryKey, begun);
      await client.invalidateQueries({ queryKey: scriptOfCallQuery(call).queryKey });
    },
  });
}

type Change =
  | { typed: Record<string, Answer> }
  | { pass: string; answer: Answer | null }
  | { back: string }
  | { state: Schemas["RunState"] };

/** A script in a call, and its changes, one after the other. */
export function useRun(id: number) {
  const client = useQueryClient();
  const query = runQuery(id);
  const run = useQuery(query);
  const change = useMutation({
    scope: { id: `script run ${String(id)}` },
    mutationFn: (asked: Change): Promise<Tagged> => {
      const params = { path: { run: id }, header: { "If-Match": client.getQueryData(query.queryKey)?.tag ?? "" } };
      if ("typed" in asked) return answerWithTag(api.PUT("/api/v1/script-runs/{run}/typed", { params, body: asked }));
      if ("back" in asked)
        return answerWithTag(api.PUT("/api/v1/script-runs/{run}/back", { params, body: { step: asked.back } }));
      if ("state" in asked) return answerWithTag(api.PUT("/api/v1/script-runs/{run}/state", { params, body: asked }));
      const body = { step: asked.pass, answer: asked.answer };
      return answerWithTag(api.PUT("/api/v1/script-runs/{run}/next", { params, body }));
    },
    onSuccess: (changed) => {
      client.setQueryData(query.queryKey, changed);
    },
    onError: () => client.invalidateQueries({ queryKey: query.queryKey }),
  });
  return { run: run.data?.data, change: change.mutate, error: run.error ?? change.error, changing: change.isPending };
}
