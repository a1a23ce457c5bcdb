import { msg } from "@lingui/core/macro";

import { answer, api } from "@/api/client";
import type { components } from "@/api/contract";

import { oneOf, untagged, whole, type Subject } from "../shape/subject";

type Out = components["schemas"]["TagCounted"];
type In = components["schemas"]["TagIn"];

const COLOURS = {
  grey: msg`grey`,
  red: msg`red`,
  orange: msg`orange`,
  yellow: msg`yellow`,
  green: msg`green`,
  teal: msg`teal`,
  blue: msg`blue`,
  purple: msg`purple`,
};

const get = () => answer(api.GET("/api/v1/tags"));

export const tags: Subject<Out, In> = {
  name: "tags",
  title: msg`Tags`,
  about: msg`Words that contacts are marked with.`,
  add: msg`New tag`,
  empty: msg`There is no tag yet. Price lists and promotions are for contacts with a tag.`,
  reads: "contacts.read",
  writes: "contacts.remove",
  columns: [
    { title: msg`Name`, cell: (one) => one.name },
    { title: msg`Contacts`, cell: (one, say) => say.number(one.contacts) },
    { title: msg`Colour`, cell: (one, say) => say.text(COLOURS[one.colour ?? "grey"]) },
  ],
  list: () => whole(get()),
  id: (one) => String(one.id),
  label: (one) => one.name,
  read: (id) => oneOf(get(), (one) => String(one.id) === id),
  make: async (body) => ({ ...(await answer(api.POST("/api/v1/tags", { body }))), contacts: 0 }),
  change: (id, body) =>
    untagged(
      answer(api.PUT("/api/v1/tags/{id}", { params: { path: { id: Number(id) } }, body })).then((one) => ({
        ...one,
        contacts: 0,
      })),
    ),
  remove: (id) => answer(api.DELETE("/api/v1/tags/{id}", { params: { path: { id: Number(id) } } })),
  blank: { name: "", colour: "grey" },
  form: ({ name, colour }) => ({ name, colour }),
  fields: [
    { name: "name", kind: "text", label: msg`Name`, required: true, most: 100 },
    {
      name: "colour",
      kind: "choice",
      label: msg`Colour`,
      options: Object.entries(COLOURS).map(([value, label]) => ({ value, label })),
    },
  ],
};
