import type { Me } from "@/api/session";

const KINDS = ["contact", "order", "complaint", "article", "call"] as const;

/** One thing that is looked at, beside whatever else one does. */
export interface Look {
  kind: (typeof KINDS)[number];
  id: string;
}

/** What an address asks to look at: `contact:7`; undefined: nothing. */
export function lookOf(text: unknown): Look | undefined {
  if (typeof text !== "string") return undefined;
  const at = text.indexOf(":");
  const kind = KINDS.find((one) => one === text.slice(0, at));
  const id = text.slice(at + 1);
  return kind === undefined || id === "" || (kind !== "call" && !/^\d{1,15}$/.test(id)) ? undefined : { kind, id };
}

export function lookText({ kind, id }: Look): string {
  return `${kind}:${id}`;
}

/** Where a thing is looked at: operators see it beside their work, others on a page of its own. */
export function lookPlace(me: Me, look: Look): { to: "/work" | "/look"; search: { look: string } } {
  return { to: me.operator === null ? "/look" : "/work", search: { look: lookText(look) } };
}
