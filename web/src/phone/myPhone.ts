import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { answer, api } from "@/api/client";
import type { components } from "@/api/contract";

import { keepMine, mineOf } from "./here";

export type PhoneKind = components["schemas"]["SoftphoneKind"];

/** The phone at which an operator talks. */
export const myPhoneQuery = (operator: number | null) =>
  queryOptions({
    queryKey: ["my_phone"],
    queryFn: async () => {
      const phone = await answer(api.GET("/api/v1/me/phone"));
      keepMine({ operator, phone });
      return phone;
    },
    // A page that was loaded anew in a talk is back in it sooner if it need not ask first.
    initialData: () => mineOf(operator),
    initialDataUpdatedAt: 0,
    staleTime: 60_000,
    enabled: operator !== null,
  });

/** Lets me talk in the page, or at a desk phone. */
export function useChoosePhone() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (kind: PhoneKind) => answer(api.PUT("/api/v1/me/phone", { body: { kind } })),
    onSuccess: (phone) => {
      client.setQueryData(["my_phone"], phone);
    },
  });
}
