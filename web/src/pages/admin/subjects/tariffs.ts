import { msg } from "@lingui/core/macro";

import { answer, api } from "@/api/client";
import type { components } from "@/api/contract";

import { untagged, whole, type Subject } from "../shape/subject";

type All = components["schemas"]["Tariffs"];

const get = () => answer(api.GET("/api/v1/tariffs"));

export const tariffs: Subject<All, All> = {
  name: "tariffs",
  title: msg`Tariffs`,
  about: msg`What calls outside cost, by the beginning of the number. The limits of money in the settings go by them.`,
  add: msg`Tariffs`,
  empty: msg`There are no tariffs.`,
  reads: "tariffs.read",
  writes: "tariffs.write",
  columns: [{ title: msg`Prices`, cell: (one, say) => say.number(one.items.length) }],
  list: () => whole(get().then((all) => [all])),
  id: () => "all",
  label: () => "",
  read: () => untagged(get()),
  change: (_, body) => untagged(answer(api.PUT("/api/v1/tariffs", { body }))),
  blank: { items: [] },
  form: ({ items }) => ({ items }),
  fields: [
    {
      name: "items",
      kind: "rows",
      label: msg`Prices`,
      hint: msg`The longest beginning that fits a number sets its price. A number that none fits costs nothing.`,
      add: msg`Another price`,
      blank: { prefix: "+372", title: "", per_minute: 0, connection: 0, step_s: 1 },
      of: [
        {
          name: "prefix",
          kind: "text",
          label: msg`Numbers begin with`,
          required: true,
          pattern: "\\+[1-9][0-9]{0,14}",
        },
        { name: "title", kind: "text", label: msg`Name`, most: 200 },
        { name: "per_minute", kind: "number", label: msg`Price of a minute`, least: 0, decimals: 4 },
        { name: "connection", kind: "number", label: msg`Price of an answered call`, least: 0, decimals: 4 },
        { name: "step_s", kind: "number", label: msg`Counted in steps of seconds`, least: 1, most: 3600 },
      ],
    },
  ],
};
