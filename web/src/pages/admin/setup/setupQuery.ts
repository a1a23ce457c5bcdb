import { queryOptions } from "@tanstack/react-query";

import { answer, api } from "@/api/client";

/** The first steps of an installation, and whether they are done. */
export const setupQuery = queryOptions({
  queryKey: ["setup"],
  queryFn: () => answer(api.GET("/api/v1/setup")),
});
