import { queryOptions, useQueryClient } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";

import { answer, answerWithTag, api } from "@/api/client";
import type { components } from "@/api/contract";
import { Refused } from "@/api/refused";
import { useMe } from "@/api/session";

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
    queryFn: () => answer(api.GET("/api/v1/orders/{id}", { params: { path: { id } } })),
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
  load: (id) => told(answerWithTag(api.GET("/api/v1/orders/{id}", { params: { path: { id } } }))),
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

const PLACE = /^keskus\.order\.(\d+)\.(.+)$/;
const keepers = new Map<string, OrderKeeper>();

/** The keeper of the order that a user types in a call; it goes on until the service has it, whatever page is shown. */
function keeperOf(user: number, call: string): OrderKeeper {
  const place = `keskus.order.${String(user)}.${call}`;
  let keeper = keepers.get(place);
  if (keeper === undefined) {
    keeper = new OrderKeeper(place, call, DESK, localStorage);
    keepers.set(place, keeper);
  }
  return keeper;
}

/** Goes on with every order of a user that is not at the service yet. */
export function resumeOrders(user: number): void {
  for (const [, owner, call, kept] of kepts()) {
    if (owner === String(user) && !isSaved(kept)) keeperOf(user, call).resume();
  }
}

/** Sends nothing more: the user has logged out. */
export function stopOrders(): void {
  for (const keeper of keepers.values()) keeper.stop();
}

/** Forgets what the service has: a browser keeps nothing of customers that it need not. */
export function forgetSavedOrders(): void {
  for (const [place, , , kept] of kepts()) if (isSaved(kept)) localStorage.removeItem(place);
}

/** The place, the user, the call and the draft of each order in the browser. */
function kepts(): [string, string, string, string][] {
  return Object.keys(localStorage).flatMap((place) => {
    const [, owner, call] = PLACE.exec(place) ?? [];
    const kept = localStorage.getItem(place);
    return owner === undefined || call === undefined || kept === null ? [] : [[place, owner, call, kept]];
  });
}

/** The order that is open in a call, and what can be done with it. */
export function useOrderDesk(call: string, contact: number | null): { shown: Shown; keeper: OrderKeeper } {
  const keeper = keeperOf(useMe().id, call);
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
