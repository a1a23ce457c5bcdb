/** What pages read, each under the name of its subject: a change of the subject makes it be read anew. */

import { queryOptions, type QueryClient } from "@tanstack/react-query";

import type { Change } from "@/live/floor";

import { answer, api } from "./client";
import type { Permission } from "./session";

/** Subjects of which changes are asked for, with the permission that this needs. */
export const FOLLOWED: Partial<Record<string, Permission>> = {
  contact: "contacts.read",
  note: "contacts.read",
  order: "orders.read",
  complaint: "complaints.read",
  complaint_task: "complaints.read",
  campaign: "campaigns.read",
};

const FEW = 20;

export const contactQuery = (id: number) =>
  queryOptions({
    queryKey: ["contact", id],
    queryFn: () => answer(api.GET("/api/v1/contacts/{id}", { params: { path: { id } } })),
  });

export const contactSearchQuery = (q: string) =>
  queryOptions({
    queryKey: ["contact", "search", q],
    queryFn: () => answer(api.GET("/api/v1/contacts/search", { params: { query: { q, limit: 8 } } })),
  });

export const historyQuery = (contact: number) =>
  queryOptions({
    queryKey: ["history", contact],
    queryFn: () =>
      answer(
        api.GET("/api/v1/contacts/{id}/history", {
          params: {
            path: { id: contact },
            query: { limit: FEW, kind: ["call", "attempt", "promise", "note", "order", "complaint"] },
          },
        }),
      ),
  });

export const contactComplaintsQuery = (contact: number) =>
  queryOptions({
    queryKey: ["complaint", "of", contact],
    queryFn: () => answer(api.GET("/api/v1/complaints", { params: { query: { contact, limit: FEW } } })),
  });

export const callQuery = (id: string) =>
  queryOptions({
    queryKey: ["call", id],
    queryFn: () => answer(api.GET("/api/v1/calls/{id}", { params: { path: { id } } })),
  });

export const complaintCategoriesQuery = queryOptions({
  queryKey: ["complaint_category"],
  queryFn: () => answer(api.GET("/api/v1/complaint-categories")),
  staleTime: 60_000,
});

export const articlesQuery = (call: string | null, q: string, language: string) =>
  queryOptions({
    queryKey: ["article", "search", call, q, language],
    queryFn: () => answer(api.GET("/api/v1/articles/search", { params: { query: { call, q, language, limit: 8 } } })),
  });

export const articleQuery = (id: number) =>
  queryOptions({
    queryKey: ["article", id],
    queryFn: () => answer(api.GET("/api/v1/articles/{id}", { params: { path: { id } } })),
  });

export const promotionsQuery = (queue: string, contact: number | null) =>
  queryOptions({
    queryKey: ["promotion", "running", queue, contact],
    queryFn: () => answer(api.GET("/api/v1/promotions/running", { params: { query: { queue, contact } } })),
  });

export const myCallsQuery = (operator: number) =>
  queryOptions({
    queryKey: ["call", "of", operator],
    queryFn: () => answer(api.GET("/api/v1/calls", { params: { query: { operator, limit: 12 } } })),
  });

export const attemptQuery = (id: string) =>
  queryOptions({
    queryKey: ["attempt", id],
    queryFn: () => answer(api.GET("/api/v1/attempts/{id}", { params: { path: { id } } })),
  });

export const dispositionsQuery = (campaign: number) =>
  queryOptions({
    queryKey: ["disposition", campaign],
    queryFn: () => answer(api.GET("/api/v1/dispositions", { params: { query: { campaign } } })),
    staleTime: 60_000,
  });

export const ruleSetsQuery = queryOptions({
  queryKey: ["rule_set"],
  queryFn: () => answer(api.GET("/api/v1/rule-sets")),
  staleTime: Infinity, // they are part of the service
});

/** For lists into which others put things: read anew with any change of their subject, though not too often. */
export const GROWS = { grows: true };
const GROWS_MS = 5_000;

const later = new Set<string>();

/**
 * Lets what shows the changed thing be read anew, and lists that grow; nothing else, because on a busy floor others change
 * much at a time.
 */
export function changed(client: QueryClient, change: Change): void {
  void client.invalidateQueries({
    predicate: ({ queryKey, state }) =>
      queryKey[0] === change.subject && (String(queryKey[1]) === change.id || lists(state.data, change.id)),
  });
  grow(client, change.subject);
}

function grow(client: QueryClient, subject: string): void {
  let young = false;
  void client.invalidateQueries({
    predicate: ({ queryKey, state, meta }) => {
      if (queryKey[0] !== subject || meta?.grows !== true) return false;
      const isYoung = Date.now() - state.dataUpdatedAt < GROWS_MS;
      young ||= isYoung;
      return !isYoung;
    },
  });
  if (!young || later.has(subject)) return;
  later.add(subject);
  setTimeout(() => {
    later.delete(subject);
    grow(client, subject);
  }, GROWS_MS);
}

function lists(data: unknown, id: string): boolean {
  if (typeof data !== "object" || data === null || !("items" in data) || !Array.isArray(data.items)) return false;
  return data.items.some((one: { id?: unknown }) => String(one.id) === id);
}
