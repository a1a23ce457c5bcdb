import { msg } from "@lingui/core/macro";

import { answer, answerWithTag, api } from "@/api/client";
import type { components } from "@/api/contract";

import { whole, type Subject } from "../shape/subject";
import { NONE_YET, taggedOf } from "../shape/tagged";
import { without } from "../shape/without";

type Out = components["schemas"]["RouteOut"];
type Settings = components["schemas"]["RouteIn"];
type In = Settings & { number: string };

const of = (number: string, tag: string) => ({ path: { number }, header: { "If-Match": tag } });

const put = ({ number, ...body }: In, tag: string) =>
  answerWithTag(api.PUT("/api/v1/routes/{number}", { params: of(number, tag), body }));

export const numbers: Subject<Out, In> = {
  name: "numbers",
  title: msg`Numbers`,
  about: msg`What people dial, and where such a call goes.`,
  add: msg`New number`,
  empty: msg`No number leads anywhere yet. Enter the number that your customers dial, and the queue they come to.`,
  reads: "routes.read",
  writes: "routes.write",
  columns: [
    { title: msg`Number`, cell: (one) => one.number },
    { title: msg`Leads to`, cell: (one, say) => `${say.text(KINDS[one.kind])}: ${one.target}` },
    { title: msg`Language`, cell: (one) => one.language },
    { title: msg`Priority`, cell: (one, say) => say.number(one.priority) },
  ],
  list: () => whole(answer(api.GET("/api/v1/routes"))),
  id: (one) => one.number,
  label: (one) => one.number,
  read: (id) => taggedOf(answer(api.GET("/api/v1/routes")), (one) => one.number === id),
  make: async (form) => (await put(form, NONE_YET)).data,
  change: (id, form, tag) => put({ ...form, number: id }, tag),
  remove: (number, tag) => answer(api.DELETE("/api/v1/routes/{number}", { params: of(number, tag) })),
  blank: {
    number: "",
    kind: "queue",
    target: "",
    answer: true,
    music: "default",
    language: "",
    skills: [],
    priority: 0,
  },
  form: (one) => without(one, "version"),
  fields: [
    {
      name: "number",
      kind: "text",
      label: msg`Number`,
      hint: msg`As the carrier sends it, such as 3726000100.`,
      required: true,
      fresh: true,
      most: 40,
    },
    {
      name: "kind",
      kind: "choice",
      label: msg`Leads to`,
      options: [
        { value: "queue", label: msg`a queue` },
        { value: "operator", label: msg`an operator` },
      ],
    },
    {
      name: "target",
      kind: "choice",
      label: msg`Queue`,
      required: true,
      when: (form) => form.kind === "queue",
      options: "queues",
      blank: "",
    },
    {
      name: "target",
      kind: "choice",
      label: msg`Operator`,
      required: true,
      when: (form) => form.kind === "operator",
      options: "operators",
      blank: "",
    },
    {
      name: "answer",
      kind: "flag",
      label: msg`Answer at once`,
      hint: msg`Otherwise the caller hears ringing until an operator answers.`,
    },
    {
      name: "language",
      kind: "text",
      label: msg`Language of the callers`,
      hint: msg`Such as et. Empty: any.`,
      most: 10,
    },
    {
      name: "skills",
      kind: "words",
      label: msg`Skills that calls need`,
      hint: msg`With commas between them, such as lang:et.`,
    },
    {
      name: "priority",
      kind: "number",
      label: msg`Priority`,
      hint: msg`Added to that of the queue.`,
      least: -1000,
      most: 1000,
    },
    { name: "music", kind: "text", label: msg`Music, a class of the PBX`, most: 80 },
  ],
};

const KINDS = { queue: msg`queue`, operator: msg`operator` };
