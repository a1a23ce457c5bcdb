import { queryOptions, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { createContext, useContext } from "react";

import { answer, api } from "./client";
import type { components } from "./contract";
import { Refused } from "./refused";

export type Me = components["schemas"]["Me"];
export type Permission = components["schemas"]["Permission"];

/** Who is logged in; null: nobody. */
export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: async (): Promise<Me | null> => {
    try {
      return await answer(api.GET("/api/v1/me"));
    } catch (error) {
      if (error instanceof Refused && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: Infinity,
  gcTime: Infinity,
});

export async function logIn(client: QueryClient, username: string, password: string): Promise<void> {
  const me = await answer(api.POST("/api/v1/session", { body: { username, password } }));
  client.setQueryData(meQuery.queryKey, me);
}

/** Logs out; an operator goes offline with it. */
export async function logOut(client: QueryClient): Promise<void> {
  try {
    await answer(api.DELETE("/api/v1/session"));
  } catch (error) {
    if (!(error instanceof Refused && error.status === 401)) throw error;
  }
  forgetSession(client);
}

/** Forgets all that was read for whoever was logged in. */
export function forgetSession(client: QueryClient): void {
  client.setQueryData(meQuery.queryKey, null); // first: whoever looks at a query that was removed is not told of it
  client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== meQuery.queryKey[0] });
  client.getMutationCache().clear();
}

/** Who is logged in, for all that the shell holds. */
export const MeContext = createContext<Me | null>(null);

/** The user who is logged in; only within the shell, which nobody else sees. */
export function useMe(): Me {
  const me = useContext(MeContext);
  if (me === null) throw new Error("nobody is logged in");
  return me;
}

export function useMay(permission: Permission): boolean {
  return useMe().permissions.includes(permission);
}

export function useForgetSession(): () => void {
  const client = useQueryClient();
  return () => {
    forgetSession(client);
  };
}
