import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { answer, api } from "@/api/client";
import { GROWS } from "@/api/queries";
import type { components } from "@/api/contract";

type Schemas = components["schemas"];
export type Complaint = Schemas["ComplaintOut"];
export type WholeComplaint = Schemas["WholeComplaint"];
export type Step = Schemas["StepIn"]["step"];

/** Complaints that a call is about, and those of its customer that are not over. */
export const callComplaintsQuery = (call: string, contact: number | null) =>
  queryOptions({
    queryKey: ["complaint", "in", call, contact],
    meta: GROWS,
    queryFn: async () => ({
      items: await answer(api.GET("/api/v1/calls/{id}/complaints", { params: { path: { id: call } } })),
    }),
  });

export const complaintQuery = (id: number) =>
  queryOptions({
    queryKey: ["complaint", id],
    queryFn: () => answer(api.GET("/api/v1/complaints/{id}", { params: { path: { id } } })),
  });

export const departmentsQuery = queryOptions({
  queryKey: ["department"],
  queryFn: () => answer(api.GET("/api/v1/departments", { params: { query: { active: true } } })),
  staleTime: 60_000,
});

/** How a complaint goes to a department: without the call, with it at once, or when the two have talked. */
export type How = "alone" | "blind" | "talk_first";

interface Passing {
  department: number;
  why: string;
  how: How;
}

/** Passes a complaint on, with the customer's call or without it. */
export function usePass(complaint: number, call: string | null) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ department, why, how }: Passing) =>
      answer(
        api.POST("/api/v1/complaints/{id}/pass", {
          params: { path: { id: complaint } },
          body: { department, why, ...(how === "alone" ? {} : { call, transfer: how }) },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ["complaint"] }),
  });
}

/** Takes a step with a complaint, or adds a note to it; both belong to the call. */
export function useWorkOn(complaint: number, call: string | null) {
  const client = useQueryClient();
  const params = { path: { id: complaint } };
  const onSuccess = () => client.invalidateQueries({ queryKey: ["complaint"] });
  const step = useMutation({
    mutationFn: (body: { step: Step; why: string }) =>
      answer(api.POST("/api/v1/complaints/{id}/steps", { params, body: { ...body, call } })),
    onSuccess,
  });
  const note = useMutation({
    mutationFn: ({ text, key }: { text: string; key: string }) =>
      answer(
        api.POST("/api/v1/complaints/{id}/notes", {
          params: { ...params, header: { "Idempotency-Key": key } },
          body: { text, call },
        }),
      ),
    onSuccess,
  });
  return { step, note };
}
