import type { Lead } from "./queries";

/** Which leads of a campaign are shown; all without any of these. */
export interface LeadSearch {
  state?: Lead["state"];
  /** The rule that stops them. */
  rule?: NonNullable<Lead["stopped_by"]>;
  /** As typed. */
  number?: string;
}

export function readLeadSearch(search: Record<string, unknown>): LeadSearch {
  const text = (name: string) => (typeof search[name] === "string" ? search[name] : undefined);
  const number = search.number === undefined ? undefined : String(search.number as string | number);
  return {
    state: text("state") as LeadSearch["state"],
    rule: text("rule") as LeadSearch["rule"],
    number: number || undefined,
  };
}
