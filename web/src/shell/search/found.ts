import { keepPreviousData, useQueries } from "@tanstack/react-query";

import { answer, api } from "@/api/client";
import { Refused } from "@/api/refused";
import type { Permission } from "@/api/session";
import type { Look } from "@/pages/look/look";
import type { IconName } from "@/parts/Icon";

/** Something that a search found at the service. */
export interface Hit {
  look: Look;
  icon: IconName;
  title: string;
  about: string;
}

interface Source {
  /** What is searched, for the key of its answers. */
  name: string;
  needs: Permission;
  /** Whether what is typed can mean such a thing. */
  fits: (typed: string) => boolean;
  find: (typed: string, language: string) => Promise<Hit[]>;
}

const FEW = 6;

const SOURCES: readonly Source[] = [
  {
    name: "contact",
    needs: "contacts.read",
    fits: () => true,
    find: async (q) => {
      const hits = await answer(api.GET("/api/v1/contacts/search", { params: { query: { q, limit: FEW } } }));
      return hits.map(({ contact, reasons }) => ({
        look: { kind: "contact", id: String(contact.id) },
        icon: contact.kind === "company" ? "company" : "user",
        title: contact.name,
        about: reasons[0]?.value ?? contact.company_name,
      }));
    },
  },
  {
    name: "order",
    needs: "orders.read",
    fits: (typed) => /^(\d{4}-)?\d{1,6}$/.test(typed),
    find: async (number) => {
      const { items } = await answer(api.GET("/api/v1/orders", { params: { query: { number, limit: FEW } } }));
      return items.map((order) => ({
        look: { kind: "order", id: String(order.id) },
        icon: "order",
        title: order.number ?? "",
        about: order.contact_name,
      }));
    },
  },
  {
    name: "complaint",
    needs: "complaints.read",
    fits: (typed) => /^#?\d{1,9}$/.test(typed),
    find: async (typed) => {
      const id = Number(typed.replace("#", ""));
      const found = await answer(api.GET("/api/v1/complaints/{id}", { params: { path: { id } } }));
      return [
        {
          look: { kind: "complaint", id: String(found.id) },
          icon: "complaint",
          title: `#${String(found.id)} ${found.subject}`,
          about: found.owner_name,
        },
      ];
    },
  },
  {
    name: "article",
    needs: "articles.read",
    fits: () => true,
    find: async (q, language) => {
      const query = { q, language, limit: FEW };
      const { items } = await answer(api.GET("/api/v1/articles/search", { params: { query } }));
      return items.map((hit) => ({
        look: { kind: "article", id: String(hit.article) },
        icon: "article",
        title: hit.titles[hit.language] ?? Object.values(hit.titles)[0] ?? "",
        about: hit.excerpt,
      }));
    },
  },
  {
    name: "call",
    needs: "calls.read",
    fits: (typed) => /^\+?[\d ()-]{5,}$/.test(typed),
    find: async (number) => {
      const { items } = await answer(api.GET("/api/v1/calls", { params: { query: { number, limit: FEW } } }));
      return items.map((call) => ({
        look: { kind: "call", id: call.id },
        icon: "phone",
        title: call.contact_name || call.caller_name || call.caller_number,
        about: call.arrived_at,
      }));
    },
  },
];

const STALE_MS = 10_000;

/** What the service has for what is typed, each kind as soon as it answers; a number that is none there finds nothing. */
export function useFound(typed: string, language: string, permissions: readonly Permission[]) {
  const sources = SOURCES.filter((one) => permissions.includes(one.needs));
  return useQueries({
    queries: sources.map((source) => ({
      queryKey: ["search", source.name, typed, language],
      queryFn: () =>
        source.find(typed, language).catch((error: unknown) => {
          if (error instanceof Refused && !error.passes && error.status < 500) return [];
          throw error;
        }),
      enabled: typed !== "" && source.fits(typed),
      placeholderData: keepPreviousData,
      staleTime: STALE_MS,
    })),
    combine: (answers) => ({
      hits: answers.flatMap((one, at) => (typed !== "" && sources[at]?.fits(typed) ? (one.data ?? []) : [])),
      waits: answers.some((one) => one.isFetching),
      error: answers.find((one) => one.error)?.error ?? null,
    }),
  });
}
