import { answer, api } from "@/api/client";
import type { components } from "@/api/contract";
import { Refused } from "@/api/refused";

export type PhoneSecret = components["schemas"]["PhoneSecret"];
export type PhoneTalk = components["schemas"]["PhoneTalk"];

/** What the phone asks of the service. */
export interface Service {
  /** A secret for a while; `away`: ask again soon. */
  lend: () => Promise<PhoneSecret | "refused" | "away">;
  /** The talks that the phone is in; none while the service is away. */
  talks: () => Promise<readonly PhoneTalk[]>;
}

const TOO_MANY = 429;

export const SERVICE: Service = {
  lend: async () => {
    try {
      return await answer(api.POST("/api/v1/me/phone/secret"));
    } catch (error) {
      const refused = error instanceof Refused && error.status >= 400 && error.status < 500;
      return refused && error.status !== TOO_MANY ? "refused" : "away";
    }
  },
  talks: async () => {
    try {
      return await answer(api.GET("/api/v1/me/phone/talks"));
    } catch {
      return [];
    }
  },
};
