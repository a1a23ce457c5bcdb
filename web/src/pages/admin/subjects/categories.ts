import { msg } from "@lingui/core/macro";

import { answer, answerWithTag, api } from "@/api/client";
import type { components } from "@/api/contract";
import { SEVERITY_TEXTS } from "@/texts/states";

import { whole, type Subject } from "../shape/subject";
import { taggedOf } from "../shape/tagged";
import { without } from "../shape/without";

type Out = components["schemas"]["app__crm__complaints__schemas__CategoryOut"];
type In = components["schemas"]["CategoryIn"];

const get = () => answer(api.GET("/api/v1/complaint-categories"));

export const categories: Subject<Out, In> = {
  name: "categories",
  title: msg`Categories of complaints`,
  about: msg`What complaints are about: how bad it is, and which department has it.`,
  add: msg`New category`,
  empty: msg`There is no category yet. With categories a complaint finds its department by itself.`,
  reads: "complaints.read",
  writes: "complaints.set_up",
  used: "complaint_category",
  columns: [
    { title: msg`Name`, cell: (one, say) => titled(one, say.language) },
    { title: msg`Code`, cell: (one) => one.code ?? "" },
    { title: msg`Severity`, cell: (one, say) => say.text(SEVERITY_TEXTS[one.severity ?? "normal"]) },
  ],
  list: () => whole(get()),
  id: (one) => String(one.id),
  label: (one, language) => titled(one, language),
  active: (one) => one.active ?? true,
  read: (id) => taggedOf(get(), (one) => String(one.id) === id),
  make: (body) => answer(api.POST("/api/v1/complaint-categories", { body })),
  change: (id, body, tag) =>
    answerWithTag(
      api.PUT("/api/v1/complaint-categories/{id}", {
        params: { path: { id: Number(id) }, header: { "If-Match": tag } },
        body,
      }),
    ),
  blank: { title: "", code: "", titles: {}, severity: "normal", department: null, position: 0, active: true },
  form: (one) => without(one, "id", "version"),
  fields: [
    { name: "title", kind: "text", label: msg`Name`, required: true, most: 100 },
    {
      name: "code",
      kind: "text",
      label: msg`Code`,
      hint: msg`Articles are about it by this.`,
      most: 60,
      pattern: "[A-Za-z0-9_.:\\-]*",
    },
    { name: "titles", kind: "titles", label: msg`Name in other languages` },
    {
      name: "severity",
      kind: "choice",
      label: msg`Severity`,
      options: Object.entries(SEVERITY_TEXTS).map(([value, label]) => ({ value, label })),
    },
    {
      name: "department",
      kind: "choice",
      label: msg`Department`,
      options: "departments",
      number: true,
      none: msg`none`,
    },
    { name: "position", kind: "number", label: msg`Place in the list`, least: 0, most: 1000 },
    { name: "active", kind: "flag", label: msg`In use` },
  ],
};

function titled(one: Out, language: string): string {
  return (one.titles as Record<string, string> | undefined)?.[language] ?? one.title;
}
