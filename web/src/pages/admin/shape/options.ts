/** What forms choose from that is set up elsewhere. */

import { queryOptions } from "@tanstack/react-query";

import { answer, api } from "@/api/client";
import type { components } from "@/api/contract";
import { LANGUAGES, type Language } from "@/texts/languages";

export interface Chosen {
  value: string;
  /** By language; a name that is the same in all stands under each. */
  label: Record<Language, string>;
}

type Asked = () => Promise<Chosen[]>;

const MANY = 200;

const same = (text: string): Record<Language, string> => ({ et: text, ru: text, en: text });

const named = (one: { title: string; titles?: Record<string, unknown> }): Record<Language, string> => ({
  ...same(one.title),
  ...(one.titles ?? {}),
});

function titleOf(titles: Record<string, string>): Record<Language, string> {
  const first = Object.values(titles)[0] ?? "";
  const all = Object.keys(LANGUAGES).map((one) => [one, titles[one] ?? first]);
  return Object.fromEntries(all) as Record<Language, string>;
}

function nameOf(one: components["schemas"]["ProductOut"]): Record<Language, string> {
  const text = (name: string) => `${name || one.name_et || one.name_en || one.name_ru} (${one.code})`;
  return { et: text(one.name_et ?? ""), ru: text(one.name_ru ?? ""), en: text(one.name_en ?? "") };
}

const productsOf = () => answer(api.GET("/api/v1/products", { params: { query: { limit: MANY } } }));

const SOURCES = {
  queues: async () =>
    (await answer(api.GET("/api/v1/queues"))).map((one) => ({ value: one.id, label: same(one.title) })),
  operators: async () =>
    (await answer(api.GET("/api/v1/operators"))).map((one) => ({ value: String(one.id), label: same(one.name) })),
  users: async () =>
    (await answer(api.GET("/api/v1/users")))
      .filter((one) => one.active)
      .map((one) => ({ value: String(one.id), label: same(`${one.display_name} (${one.username})`) })),
  roles: async () =>
    (await answer(api.GET("/api/v1/roles"))).map((one) => ({ value: one.name, label: same(one.title || one.name) })),
  campaigns: async () =>
    (await answer(api.GET("/api/v1/campaigns"))).map((one) => ({ value: String(one.id), label: same(one.title) })),
  ruleSets: async () =>
    (await answer(api.GET("/api/v1/rule-sets"))).map((one) => ({ value: one.id, label: named(one) })),
  departments: async () =>
    (await answer(api.GET("/api/v1/departments"))).map((one) => ({ value: String(one.id), label: named(one) })),
  categories: async () =>
    (await answer(api.GET("/api/v1/complaint-categories"))).map((one) => ({
      value: one.code ?? "",
      label: named(one),
    })),
  tags: async () =>
    (await answer(api.GET("/api/v1/tags"))).map((one) => ({ value: String(one.id), label: same(one.name) })),
  products: async () => (await productsOf()).items.map((one) => ({ value: one.code, label: nameOf(one) })),
  productIds: async () => (await productsOf()).items.map((one) => ({ value: String(one.id), label: nameOf(one) })),
  productCategories: async () =>
    (await answer(api.GET("/api/v1/products/categories"))).map((one) => ({ value: one.name, label: same(one.name) })),
  sounds: async () =>
    (await answer(api.GET("/api/v1/sounds"))).map((one) => ({
      value: one.message,
      label: same(one.title || one.name),
    })),
  articles: async () =>
    (await answer(api.GET("/api/v1/articles", { params: { query: { limit: MANY } } }))).items.map((one) => ({
      value: String(one.id),
      label: titleOf(one.titles),
    })),
} satisfies Record<string, Asked>;

export type OptionSource = keyof typeof SOURCES;

/** The things of a source, under their own name and kind; read anew when one of them is changed here. */
export const optionsQuery = (source: OptionSource) =>
  queryOptions({
    queryKey: ["options", source],
    queryFn: (): Promise<Chosen[]> => SOURCES[source](),
    staleTime: 15_000,
  });
