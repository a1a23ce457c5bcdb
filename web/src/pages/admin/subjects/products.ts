import { msg } from "@lingui/core/macro";

import { answer, answerWithTag, api } from "@/api/client";
import type { components } from "@/api/contract";

import type { Subject } from "../shape/subject";

type Out = components["schemas"]["ProductOut"];
type In = components["schemas"]["ProductIn"];

const LIMIT = 50;
const at = (id: string) => ({ path: { id: Number(id) } });

export const products: Subject<Out, In> = {
  name: "products",
  title: msg`Products`,
  about: msg`What is sold, and for how much.`,
  add: msg`New product`,
  empty: msg`There is no product yet. Operators put products into orders.`,
  reads: "products.read",
  writes: "products.write",
  used: "product",
  searches: true,
  columns: [
    { title: msg`Name`, cell: (one, say) => nameOf(one, say.language) },
    { title: msg`Code`, cell: (one) => one.code },
    { title: msg`Price without VAT`, cell: (one) => one.net_price },
    { title: msg`Price with VAT`, cell: (one) => one.gross_price ?? "–" },
    { title: msg`Categories`, cell: (one) => one.categories.join(", ") },
  ],
  list: ({ q, cursor }) => answer(api.GET("/api/v1/products", { params: { query: { q, cursor, limit: LIMIT } } })),
  id: (one) => String(one.id),
  label: nameOf,
  active: (one) => one.active ?? true,
  read: (id) => answerWithTag(api.GET("/api/v1/products/{id}", { params: at(id) })),
  make: (body) => answer(api.POST("/api/v1/products", { body })),
  change: (id, body, tag) =>
    answerWithTag(api.PUT("/api/v1/products/{id}", { params: { ...at(id), header: { "If-Match": tag } }, body })),
  blank: {
    name_et: "",
    name_ru: "",
    name_en: "",
    code: "",
    unit: "tk",
    net_price: "",
    vat: "standard",
    active: true,
    active_from: null,
    active_until: null,
    categories: [],
  },
  form: ({ name_et, name_ru, name_en, code, unit, net_price, vat, active, active_from, active_until, categories }) => ({
    name_et,
    name_ru,
    name_en,
    code,
    unit,
    net_price,
    vat,
    active,
    active_from,
    active_until,
    categories,
  }),
  fields: [
    { name: "name_et", kind: "text", label: msg`Name in Estonian`, most: 200 },
    { name: "name_ru", kind: "text", label: msg`Name in Russian`, most: 200 },
    { name: "name_en", kind: "text", label: msg`Name in English`, most: 200 },
    { name: "code", kind: "text", label: msg`Code`, required: true, most: 60, pattern: "[A-Za-z0-9_.:\\-]+" },
    { name: "net_price", kind: "money", label: msg`Price without VAT`, required: true },
    { name: "unit", kind: "text", label: msg`Unit`, required: true, most: 20 },
    { name: "vat", kind: "text", label: msg`VAT category`, required: true, most: 40 },
    {
      name: "categories",
      kind: "words",
      label: msg`Categories`,
      hint: msg`Codes, with commas between them. A category is made by being named.`,
    },
    { name: "active_from", kind: "moment", label: msg`Sold from` },
    { name: "active_until", kind: "moment", label: msg`Sold until` },
    { name: "active", kind: "flag", label: msg`In use`, hint: msg`Out of use it stays in the orders that have it.` },
  ],
};

function nameOf(one: Out, language: "et" | "ru" | "en"): string {
  return one[`name_${language}`] || one.name_et || one.name_en || one.name_ru || one.code;
}
