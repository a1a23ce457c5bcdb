import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { answer, answerWithTag, api } from "@/api/client";
import type { components } from "@/api/contract";

type Schemas = components["schemas"];
export type Response = Schemas["ResponseOut"];
export type Question = Schemas["QuestionOut"];
export type Answer = string | number | string[] | null;

interface Tagged {
  data: Response;
  /** Names what a change is made to, so that a second page changes nothing unseen. */
  tag: string;
}

export const offersQuery = (call: string, contact: number | null) =>
  queryOptions({
    queryKey: ["survey", "offers", call, contact],
    queryFn: () =>
      answer(api.GET("/api/v1/surveys/offers", { params: { query: { call, contact: contact ?? undefined } } })),
    staleTime: 30_000,
  });

const responseQuery = (id: number) =>
  queryOptions({
    queryKey: ["survey_response", id],
    queryFn: (): Promise<Tagged> =>
      answerWithTag(api.GET("/api/v1/survey-responses/{id}", { params: { path: { id } } })),
    staleTime: Infinity,
  });

/** Asks a survey in a call; asked already, it goes on where it was. */
export function useAsk(call: string, contact: number | null) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (survey: number) =>
      answerWithTag(
        api.POST("/api/v1/surveys/{id}/responses", {
          params: { path: { id: survey } },
          body: { call, contact },
        }),
      ),
    onSuccess: async (begun: Tagged) => {
      client.setQueryData(responseQuery(begun.data.id).queryKey, begun);
      await client.invalidateQueries({ queryKey: ["survey", "offers", call] });
    },
  });
}

type Change = { answers: Record<string, Answer> } | { finish: true } | { refuse: string };

/** A survey that is asked, and its changes, one after the other. */
export function useResponse(id: number, contact: number | null) {
  const client = useQueryClient();
  const query = responseQuery(id);
  const response = useQuery(query);
  const change = useMutation({
    scope: { id: `survey response ${String(id)}` },
    mutationFn: (asked: Change): Promise<Tagged> => {
      const known = client.getQueryData(query.queryKey);
      const params = { path: { id }, header: { "If-Match": known?.tag ?? "" } };
      if ("finish" in asked) return answerWithTag(api.POST("/api/v1/survey-responses/{id}/finish", { params }));
      if ("refuse" in asked) {
        const body = { reason: asked.refuse };
        return answerWithTag(api.POST("/api/v1/survey-responses/{id}/refuse", { params, body }));
      }
      const whose = known?.data.contact === null && contact !== null ? { contact } : {};
      const body = { answers: asked.answers, ...whose };
      return answerWithTag(api.PATCH("/api/v1/survey-responses/{id}", { params, body }));
    },
    onSuccess: (changed) => {
      client.setQueryData(query.queryKey, changed);
    },
    onError: () => client.invalidateQueries({ queryKey: query.queryKey }),
  });
  return {
    response: response.data?.data,
    change: change.mutate,
    error: response.error ?? change.error,
    changing: change.isPending,
  };
}
