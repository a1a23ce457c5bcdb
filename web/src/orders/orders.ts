import { queryOptions, useQueryClient } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";

import { answer, answerWithTag, api } from "@/api/client";
import type { components } from "@/api/contract";
import { Refused } from "@/api/refused";
import { useMe } from "@/api/session";
import { Keepers } from "@/keeping/keepers";

import { isSaved, OrderKeeper, type Desk, type Shown, type Told } from "./orderKeeper";

export type Product = components["schemas"]["ProductOut"];

const FEW = 8;

/** The last orders of a contact, or those that were typed in a call where nobody knows who calls. */
export const ordersQuery = (contact: number | null, call: string) =>
  queryOptions({
    queryKey: ["order", "of", contact, call],
    queryFn: () =>
      answer(
        api.GET("/api/v1/orders", {
          params: { query: contact === null ? { call, limit: FEW } : { contact, limit: FEW } },
        }),
      ),
  });

export const orderQuery = (id: number) =>
  queryOptions({
    queryKey: ["order", id],
    queryFn: () => answer(api.GET("/api/v1/orders/{id}", { params: { path: { id: String(id) } } })),
  });

/** Products that are sold now, by parts of their code or name in any alphabet. */
export const productSearchQuery = (q: string) =>
  queryOptions({
    queryKey: ["product", "search", q],
    queryFn: () => answer(api.GET("/api/v1/products", { params: { query: { q, sold: true, limit: FEW } } })),
  });

async function told(asked: Promise<{ data: components["schemas"]["OrderOut"]; tag: string }>): Promise<Told> {
  const { data, tag } = await asked;
  return { order: data, tag };
}

const of = (id: number, tag: string) => ({ path: { id }, header: { "If-Match": tag } });

const DESK: Desk = {
  begin: (typed, call, key) =>
    told(
      answerWithTag(
        api.POST("/api/v1/orders", {
          params: { header: { "Idempotency-Key": key } },
          body: { ...typed, call },
        }),
      ),
    ),
  load: (id) => told(answerWithTag(api.GET("/api/v1/orders/{id}", { params: { path: { id: String(id) } } }))),
  change: (id, tag, typed) =>
    told(answerWithTag(api.PATCH("/api/v1/orders/{id}", { params: of(id, tag), body: typed }))),
  place: (id, tag) => told(answerWithTag(api.POST("/api/v1/orders/{id}/place", { params: of(id, tag) }))),
  cancel: (id, tag, reason) =>
    told(answerWithTag(api.POST("/api/v1/orders/{id}/cancel", { params: of(id, tag), body: { reason } }))),
  repeat: (id, call, key) =>
    told(
      answerWithTag(
        api.POST("/api/v1/orders/{id}/repeat", {
          params: { path: { id }, header: { "Idempotency-Key": key } },
          body: { call },
        }),
      ),
    ),
  discard: async (id, tag) => {
    await answer(api.DELETE("/api/v1/orders/{id}", { params: of(id, tag) }));
  },
  passes: (error) => error instanceof Refused && (error.passes || error.status === 401),
  isPassed: (error) => error instanceof Refused && error.code === "version.passed",
};

export const orders = new Keepers("order", (place, call) => new OrderKeeper(place, call, DESK, localStorage), isSaved);

/** The order that is open in a call, and what can be done with it. */
export function useOrderDesk(call: string, contact: number | null): { shown: Shown; keeper: OrderKeeper } {
  const keeper = orders.of(useMe().id, call);
  const client = useQueryClient();
  const shown = useSyncExternalStore(keeper.subscribe, keeper.read);
  const known = shown.order === null ? "" : `${String(shown.order.id)} ${shown.order.state}`;
  useEffect(() => {
    keeper.resume();
    keeper.about(contact);
  }, [keeper, contact]);
  useEffect(() => {
    void client.invalidateQueries({ queryKey: ["order", "of"] }); // the lists beside it have it, too
  }, [client, known, contact]);
  return { shown, keeper };
}
