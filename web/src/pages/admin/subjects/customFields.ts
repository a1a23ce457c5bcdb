import { msg } from "@lingui/core/macro";

import { answer, answerWithTag, api } from "@/api/client";
import type { components } from "@/api/contract";

import { whole, type Subject } from "../shape/subject";
import { taggedOf } from "../shape/tagged";
import { without } from "../shape/without";

type Out = components["schemas"]["CustomFieldOut"];
type In = components["schemas"]["NewCustomField"];

const KINDS = {
  text: msg`text`,
  number: msg`figure`,
  date: msg`date`,
  choice: msg`choice`,
  yes_no: msg`yes or no`,
};

const get = () => answer(api.GET("/api/v1/contact-fields"));

export const customFields: Subject<Out, In> = {
  name: "contact-fields",
  title: msg`Fields of contacts`,
  about: msg`What you keep of contacts besides names, numbers and addresses.`,
  add: msg`New field`,
  empty: msg`There is no field of your own yet. Add one for what you want to know of each contact.`,
  reads: "contacts.read",
  writes: "custom_fields.write",
  columns: [
    { title: msg`Name`, cell: (one, say) => one.titles[say.language] },
    { title: msg`Code`, cell: (one) => one.code },
    { title: msg`Kind`, cell: (one, say) => say.text(KINDS[one.kind]) },
  ],
  list: () => whole(get()),
  id: (one) => one.code,
  label: (one, language) => one.titles[language],
  active: (one) => one.active ?? true,
  read: (id) => taggedOf(get(), (one) => one.code === id),
  make: (body) => answer(api.POST("/api/v1/contact-fields", { body })),
  change: (code, form, tag) =>
    answerWithTag(
      api.PUT("/api/v1/contact-fields/{code}", {
        params: { path: { code }, header: { "If-Match": tag } },
        body: without(form, "code"),
      }),
    ),
  blank: {
    code: "",
    kind: "text",
    required: false,
    position: 0,
    active: true,
    titles: { et: "", ru: "", en: "" },
    choices: [],
  },
  form: (one) => without(one, "version"),
  fields: [
    { name: "titles", kind: "titles", label: msg`Name`, required: true },
    {
      name: "code",
      kind: "text",
      label: msg`Code`,
      hint: msg`Small letters, digits and low lines. It never changes.`,
      required: true,
      fresh: true,
      most: 40,
      pattern: "[a-z][a-z0-9_]{0,39}",
    },
    {
      name: "kind",
      kind: "choice",
      label: msg`Kind`,
      hint: msg`It cannot be changed once a contact has a value.`,
      options: Object.entries(KINDS).map(([value, label]) => ({ value, label })),
    },
    {
      name: "choices",
      kind: "rows",
      label: msg`To choose from`,
      when: (form) => form.kind === "choice",
      add: msg`Another choice`,
      blank: { code: "", titles: { et: "", ru: "", en: "" } },
      of: [
        { name: "code", kind: "text", label: msg`Code`, required: true, most: 40, pattern: "[a-z][a-z0-9_]{0,39}" },
        { name: "titles", kind: "titles", label: msg`Name`, required: true },
      ],
    },
    { name: "required", kind: "flag", label: msg`A value must be given` },
    { name: "position", kind: "number", label: msg`Place in the list`, least: 0, most: 1000 },
    { name: "active", kind: "flag", label: msg`In use` },
  ],
};
