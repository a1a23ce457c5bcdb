import { msg } from "@lingui/core/macro";

import { answer, answerWithTag, api } from "@/api/client";
import type { components } from "@/api/contract";

import { whole, type Subject } from "../shape/subject";
import { taggedOf } from "../shape/tagged";

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

const of = (id: string, tag: string) => ({ path: { id: Number(id) }, header: { "If-Match": tag } });

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
  read: (id) => taggedOf(get(), (one) => String(one.id) === id),
  make: async (body) => ({ ...(await answer(api.POST("/api/v1/tags", { body }))), contacts: 0 }),
  change: async (id, body, tag) => {
    const changed = await answerWithTag(api.PUT("/api/v1/tags/{id}", { params: of(id, tag), body }));
    return { data: { ...changed.data, contacts: 0 }, tag: changed.tag };
  },
  remove: (id, tag) => answer(api.DELETE("/api/v1/tags/{id}", { params: of(id, tag) })),
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
