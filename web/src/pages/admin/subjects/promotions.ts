import { msg } from "@lingui/core/macro";

import { answer, answerWithTag, api } from "@/api/client";
import type { components } from "@/api/contract";

import type { Subject } from "../shape/subject";
import { without } from "../shape/without";
import { titleIn } from "./titleIn";

type Out = components["schemas"]["PromotionOut"];
type In = components["schemas"]["PromotionIn"];

const LIMIT = 50;
const at = (id: string) => ({ path: { id: Number(id) } });

export const promotions: Subject<Out, In> = {
  name: "promotions",
  title: msg`Promotions`,
  about: msg`Offers that operators see in a call, and discounts that orders get.`,
  add: msg`New promotion`,
  empty: msg`There is no promotion yet. Operators see those that fit the caller while they talk.`,
  reads: "promotions.read",
  writes: "promotions.write",
  columns: [
    { title: msg`Title`, cell: (one, say) => titleIn(one.texts, say.language) },
    { title: msg`From`, cell: (one, say) => say.date(one.from_at) },
    { title: msg`Until`, cell: (one, say) => (one.until_at ? say.date(one.until_at) : "–") },
  ],
  list: ({ cursor }) => answer(api.GET("/api/v1/promotions", { params: { query: { cursor, limit: LIMIT } } })),
  id: (one) => String(one.id),
  label: (one, language) => titleIn(one.texts, language),
  active: (one) => one.active ?? true,
  read: (id) => answerWithTag(api.GET("/api/v1/promotions/{id}", { params: at(id) })),
  make: (body) => answer(api.POST("/api/v1/promotions", { body })),
  change: (id, body, tag) =>
    answerWithTag(api.PUT("/api/v1/promotions/{id}", { params: { ...at(id), header: { "If-Match": tag } }, body })),
  blank: {
    texts: { et: { title: "", description: "", terms: "" } },
    from_at: new Date().toISOString(),
    until_at: null,
    queues: [],
    tags: [],
    discount_kind: null,
    discount_value: "0",
    products: [],
    categories: [],
    active: true,
  },
  form: (one) => without(one, "id", "version"),
  fields: [
    {
      name: "texts",
      kind: "languages",
      label: msg`Texts`,
      blank: { title: "", description: "", terms: "" },
      of: [
        { name: "title", kind: "text", label: msg`Title`, required: true, most: 100 },
        { name: "description", kind: "long", label: msg`What is offered`, most: 20_000 },
        { name: "terms", kind: "long", label: msg`On which terms`, most: 20_000 },
      ],
    },
    { name: "from_at", kind: "moment", label: msg`From`, required: true },
    { name: "until_at", kind: "moment", label: msg`Until` },
    {
      name: "discount_kind",
      kind: "choice",
      label: msg`Discount`,
      options: [
        { value: "percent", label: msg`percent` },
        { value: "amount", label: msg`an amount for each unit` },
      ],
      none: msg`none`,
    },
    {
      name: "discount_value",
      kind: "money",
      label: msg`How much`,
      when: (form) => form.discount_kind !== null,
      required: true,
    },
    { name: "queues", kind: "several", label: msg`For callers of these queues`, options: "queues" },
    {
      name: "tags",
      kind: "several",
      label: msg`For contacts with these tags`,
      hint: msg`Without queues and tags it is for everybody.`,
      options: "tags",
      number: true,
    },
    { name: "products", kind: "several", label: msg`Products`, options: "products" },
    {
      name: "categories",
      kind: "several",
      label: msg`Categories of products`,
      hint: msg`Without products and categories it covers everything.`,
      options: "productCategories",
    },
    { name: "active", kind: "flag", label: msg`In use` },
  ],
};
