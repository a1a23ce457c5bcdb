import { msg } from "@lingui/core/macro";

import { answer, answerWithTag, api } from "@/api/client";
import type { components } from "@/api/contract";

import { whole, type Subject } from "../shape/subject";

type Out = components["schemas"]["PriceListRowOut"] & { prices?: In["prices"] };
type In = components["schemas"]["PriceListIn"];

const at = (id: string) => ({ path: { id: Number(id) } });

export const priceLists: Subject<Out, In> = {
  name: "price-lists",
  title: msg`Price lists`,
  about: msg`Prices for some customers, in place of the products' own.`,
  add: msg`New price list`,
  empty: msg`There is no price list yet: all customers pay the products' own prices.`,
  reads: "products.read",
  writes: "products.write",
  columns: [
    { title: msg`Name`, cell: (one) => one.name },
    { title: msg`Prices`, cell: (one, say) => say.number(one.count) },
  ],
  list: () => whole(answer(api.GET("/api/v1/price-lists"))),
  id: (one) => String(one.id),
  label: (one) => one.name,
  active: (one) => one.active ?? true,
  read: (id) => answerWithTag(api.GET("/api/v1/price-lists/{id}", { params: at(id) })),
  make: (body) => answer(api.POST("/api/v1/price-lists", { body })),
  change: (id, body, tag) =>
    answerWithTag(api.PUT("/api/v1/price-lists/{id}", { params: { ...at(id), header: { "If-Match": tag } }, body })),
  blank: { name: "", tag: null, active: true, prices: [] },
  form: ({ name, tag, active, prices }) => ({ name, tag, active, prices: prices ?? [] }),
  fields: [
    { name: "name", kind: "text", label: msg`Name`, required: true, most: 100 },
    {
      name: "tag",
      kind: "choice",
      label: msg`For contacts with the tag`,
      options: "tags",
      number: true,
      none: msg`none: only for those whose terms name it`,
    },
    { name: "active", kind: "flag", label: msg`In use` },
    {
      name: "prices",
      kind: "rows",
      label: msg`Prices`,
      add: msg`Another price`,
      blank: { product: null, net_price: "" },
      of: [
        {
          name: "product",
          kind: "choice",
          label: msg`Product`,
          options: "productIds",
          number: true,
          required: true,
        },
        { name: "net_price", kind: "money", label: msg`Price without VAT`, required: true },
      ],
    },
  ],
};
