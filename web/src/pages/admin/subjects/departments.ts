import { msg } from "@lingui/core/macro";

import { answer, answerWithTag, api } from "@/api/client";
import type { components } from "@/api/contract";

import type { Field } from "../shape/field";
import { valueAt, type Form } from "../shape/paths";
import { whole, type Subject } from "../shape/subject";
import { without } from "../shape/without";

type Out = components["schemas"]["DepartmentOut"];
type In = components["schemas"]["DepartmentIn"];

const GOALS = [
  { value: "none", label: msg`nowhere` },
  { value: "queue", label: msg`a queue` },
  { value: "operator", label: msg`an operator` },
  { value: "number", label: msg`a number outside` },
];

/** What calls go to, by the kind that was chosen in the same group. */
function targets(group: "reach" | "fallback"): Field<Form>[] {
  const is = (kind: string) => (form: Form) => valueAt(form, `${group}.kind`) === kind;
  return [
    {
      name: "target",
      kind: "choice",
      label: msg`Queue`,
      options: "queues",
      required: true,
      blank: "",
      when: is("queue"),
    },
    {
      name: "target",
      kind: "choice",
      label: msg`Operator`,
      options: "operators",
      required: true,
      blank: "",
      when: is("operator"),
    },
    { name: "target", kind: "text", label: msg`Number`, required: true, most: 60, when: is("number") },
    {
      name: "target",
      kind: "choice",
      label: msg`Department`,
      options: "departments",
      required: true,
      blank: "",
      when: is("department"),
    },
  ];
}

const at = (id: string) => ({ path: { id: Number(id) } });

export const departments: Subject<Out, In> = {
  name: "departments",
  title: msg`Departments`,
  about: msg`Who works on complaints, in which hours, and where their calls go.`,
  add: msg`New department`,
  empty: msg`There is no department yet. Complaints are passed to departments, and are due by their hours.`,
  reads: "departments.read",
  writes: "departments.write",
  used: "department",
  columns: [
    { title: msg`Name`, cell: (one) => one.title },
    { title: msg`Members`, cell: (one, say) => say.number(one.members.length) },
    { title: msg`Time zone`, cell: (one) => one.time_zone },
  ],
  list: () => whole(answer(api.GET("/api/v1/departments"))),
  id: (one) => String(one.id),
  label: (one) => one.title,
  active: (one) => one.active ?? true,
  read: (id) => answerWithTag(api.GET("/api/v1/departments/{id}", { params: at(id) })),
  make: (body) => answer(api.POST("/api/v1/departments", { body })),
  change: (id, body, tag) =>
    answerWithTag(api.PUT("/api/v1/departments/{id}", { params: { ...at(id), header: { "If-Match": tag } }, body })),
  remove: (id, tag) =>
    answer(api.DELETE("/api/v1/departments/{id}", { params: { ...at(id), header: { "If-Match": tag } } })),
  blank: {
    title: "",
    titles: {},
    time_zone: "Europe/Tallinn",
    country: "EE",
    warning_minutes: 60,
    patience_minutes: 240,
    deputy: null,
    active: true,
    hours: Array.from({ length: 7 }, (_, day) => (day < 5 ? [{ opens: "09:00", closes: "17:00" }] : [])),
    days: [],
    allowed_minutes: { low: 2400, normal: 960, high: 480, critical: 120 },
    members: [],
    reach: { kind: "none", target: "" },
    fallback: { kind: "none", target: "" },
  },
  form: (one) => ({
    ...without(one, "id", "version"),
    allowed_minutes: one.allowed_minutes as In["allowed_minutes"],
  }),
  fields: [
    { name: "title", kind: "text", label: msg`Name`, required: true, most: 100 },
    { name: "titles", kind: "titles", label: msg`Name in other languages` },
    { name: "active", kind: "flag", label: msg`In use` },
    { name: "members", kind: "several", label: msg`Members`, options: "users", number: true },
    {
      name: "deputy",
      kind: "choice",
      label: msg`Told when a complaint is late`,
      options: "users",
      number: true,
      none: msg`all members`,
    },
    { name: "time_zone", kind: "text", label: msg`Time zone`, required: true, most: 60 },
    {
      name: "country",
      kind: "text",
      label: msg`Country of public holidays`,
      hint: msg`Two letters, such as EE. Empty: none are days off.`,
      most: 2,
      pattern: "([A-Z]{2})?",
    },
    { name: "hours", kind: "week", label: msg`Working hours` },
    {
      name: "days",
      kind: "rows",
      label: msg`Days with hours of their own`,
      add: msg`Another day`,
      blank: { day: "", hours: [], why: "" },
      of: [
        { name: "day", kind: "date", label: msg`Day`, required: true },
        { name: "why", kind: "text", label: msg`Why`, most: 200 },
        {
          name: "hours",
          kind: "rows",
          label: msg`Hours`,
          hint: msg`None: closed.`,
          add: msg`Add hours`,
          blank: { opens: "09:00", closes: "15:00" },
          of: [
            { name: "opens", kind: "time", label: msg`Opens`, required: true },
            { name: "closes", kind: "time", label: msg`Closes`, required: true },
          ],
        },
      ],
    },
    {
      name: "allowed_minutes",
      kind: "group",
      label: msg`Working minutes that a complaint may take`,
      of: [
        { name: "low", kind: "number", label: msg`Of low severity`, least: 0 },
        { name: "normal", kind: "number", label: msg`Of normal severity`, least: 0 },
        { name: "high", kind: "number", label: msg`Of high severity`, least: 0 },
        { name: "critical", kind: "number", label: msg`Of critical severity`, least: 0 },
      ],
    },
    { name: "warning_minutes", kind: "number", label: msg`Warned before it is due, working minutes`, least: 0 },
    { name: "patience_minutes", kind: "number", label: msg`Fallback told after it is due, working minutes`, least: 0 },
    {
      name: "reach",
      kind: "group",
      label: msg`While it works, its calls go to`,
      of: [{ name: "kind", kind: "choice", label: msg`Kind`, options: GOALS }, ...targets("reach")],
    },
    {
      name: "fallback",
      kind: "group",
      label: msg`While it is closed, its calls go to`,
      of: [
        {
          name: "kind",
          kind: "choice",
          label: msg`Kind`,
          options: [...GOALS, { value: "department", label: msg`another department` }],
        },
        ...targets("fallback"),
      ],
    },
  ],
};
