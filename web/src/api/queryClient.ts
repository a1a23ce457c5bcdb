import { QueryClient } from "@tanstack/react-query";

import { Refused } from "./refused";

const MOST_TRIES = 3;

/** What pages have read. A refusal is not asked for again; what passes, such as a database that is away, is. */
export const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      refetchOnWindowFocus: false,
      retry: (tries, error) => error instanceof Refused && error.passes && tries < MOST_TRIES,
      networkMode: "always", // the service may answer though the browser takes itself for offline
    },
    mutations: { networkMode: "always", retry: false },
  },
});
