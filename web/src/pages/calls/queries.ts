import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { answer, api } from "@/api/client";
import type { paths } from "@/api/contract";

export type CallsAsked = NonNullable<paths["/api/v1/calls"]["get"]["parameters"]["query"]>;

const PAGE = 50;

export const callsQuery = (asked: CallsAsked) =>
  infiniteQueryOptions({
    queryKey: ["call", "found", asked],
    queryFn: ({ pageParam }) => {
      const query = { ...asked, limit: PAGE, ...(pageParam === "" ? {} : { cursor: pageParam }) };
      return answer(api.GET("/api/v1/calls", { params: { query } }));
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
  });

export const ordersOfCallQuery = (call: string) =>
  queryOptions({
    queryKey: ["order", "call", call],
    queryFn: () => answer(api.GET("/api/v1/orders", { params: { query: { call } } })),
  });

export const complaintsOfCallQuery = (call: string) =>
  queryOptions({
    queryKey: ["complaint", "call", call],
    queryFn: () => answer(api.GET("/api/v1/complaints", { params: { query: { call } } })),
  });

export const notesOfContactQuery = (contact: number) =>
  queryOptions({
    queryKey: ["note", "contact", contact],
    queryFn: () => answer(api.GET("/api/v1/contacts/{id}/notes", { params: { path: { id: contact } } })),
  });
