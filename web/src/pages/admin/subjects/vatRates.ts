import { msg } from "@lingui/core/macro";

import { answer, api } from "@/api/client";
import type { components } from "@/api/contract";

import { untagged, whole, type Subject } from "../shape/subject";

type All = components["schemas"]["VatRates"];

const get = () => answer(api.GET("/api/v1/vat-rates"));

export const vatRates: Subject<All, All> = {
  name: "vat-rates",
  title: msg`VAT rates`,
  about: msg`Of a category the latest rate that has begun holds.`,
  add: msg`VAT rates`,
  empty: msg`There are no VAT rates.`,
  reads: "products.read",
  writes: "products.write",
  columns: [{ title: msg`Rates`, cell: (one, say) => say.number(one.items.length) }],
  list: () => whole(get().then((all) => [all])),
  id: () => "all",
  label: () => "",
  read: () => untagged(get()),
  change: (_, body) => untagged(answer(api.PUT("/api/v1/vat-rates", { body }))),
  blank: { items: [] },
  form: ({ items }) => ({ items }),
  fields: [
    {
      name: "items",
      kind: "rows",
      label: msg`Rates`,
      add: msg`Another rate`,
      blank: { category: "standard", valid_from: "", percent: "" },
      of: [
        { name: "category", kind: "text", label: msg`Category`, required: true, most: 40 },
        { name: "valid_from", kind: "date", label: msg`Holds from`, required: true },
        { name: "percent", kind: "money", label: msg`Percent`, required: true },
      ],
    },
  ],
};
