import { msg } from "@lingui/core/macro";

import { answer, answerWithTag, api } from "@/api/client";
import type { components } from "@/api/contract";

import { whole, type Subject } from "../shape/subject";
import { taggedOf } from "../shape/tagged";
import { without } from "../shape/without";

type Out = components["schemas"]["DispositionOut"];
type In = components["schemas"]["NewDisposition"];

const get = () => answer(api.GET("/api/v1/dispositions"));

export const dispositions: Subject<Out, In> = {
  name: "dispositions",
  title: msg`Dispositions`,
  about: msg`Results of campaign calls that operators choose from, and what follows from them.`,
  add: msg`New disposition`,
  empty: msg`There is no disposition yet. Operators say by them how a campaign's call ended.`,
  reads: "dispositions.read",
  writes: "dispositions.write",
  columns: [
    { title: msg`Name`, cell: (one) => one.title },
    { title: msg`Code`, cell: (one) => one.code },
    { title: msg`Campaign`, cell: (one, say) => (one.campaign ? String(one.campaign) : say.text(msg`all`)) },
  ],
  list: () => whole(get()),
  id: (one) => String(one.id),
  label: (one) => one.title,
  active: (one) => one.active ?? true,
  read: (id) => taggedOf(get(), (one) => String(one.id) === id),
  make: (body) => answer(api.POST("/api/v1/dispositions", { body })),
  change: (id, form, tag) =>
    answerWithTag(
      api.PUT("/api/v1/dispositions/{id}", {
        params: { path: { id: Number(id) }, header: { "If-Match": tag } },
        body: without(form, "campaign"),
      }),
    ),
  blank: {
    code: "",
    title: "",
    titles: {},
    human: true,
    sale: false,
    do_not_call: false,
    callback: false,
    unworkable: false,
    answering_machine: false,
    position: 0,
    active: true,
    campaign: null,
  },
  form: (one) => without(one, "id", "version"),
  fields: [
    { name: "title", kind: "text", label: msg`Name`, required: true, most: 100 },
    { name: "code", kind: "text", label: msg`Code`, required: true, most: 40, pattern: "[A-Za-z0-9_\\-]+" },
    { name: "titles", kind: "titles", label: msg`Name in other languages` },
    {
      name: "campaign",
      kind: "choice",
      label: msg`Campaign`,
      fresh: true,
      options: "campaigns",
      number: true,
      none: msg`all`,
    },
    { name: "position", kind: "number", label: msg`Place in the list`, least: 0, most: 1000 },
    { name: "human", kind: "flag", label: msg`A person was reached` },
    { name: "sale", kind: "flag", label: msg`It counts as a sale` },
    { name: "callback", kind: "flag", label: msg`The customer asked to be called back` },
    {
      name: "do_not_call",
      kind: "flag",
      label: msg`Never call again`,
      hint: msg`The customer's numbers are called in no campaign any more.`,
    },
    {
      name: "unworkable",
      kind: "flag",
      label: msg`This campaign does not dial the lead again`,
      hint: msg`Others may call the customer.`,
    },
    { name: "answering_machine", kind: "flag", label: msg`A machine answered` },
    { name: "active", kind: "flag", label: msg`In use` },
  ],
};
