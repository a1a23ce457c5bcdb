import { msg } from "@lingui/core/macro";

import { answer, answerWithTag, api } from "@/api/client";
import type { components } from "@/api/contract";
import { NewPhone } from "../operators/NewPhone";
import { OperatorPhone } from "../operators/OperatorPhone";

import { whole, type Subject } from "../shape/subject";
import { LANGUAGES } from "./languages";

type Out = components["schemas"]["OperatorOut"];
type Settings = components["schemas"]["OperatorProfile"];

interface In extends Settings {
  /** `new`: a new user is made; else the id of one who is there. */
  whose: string;
  user: { username: string; password: string; display_name: string; language: "et" | "ru" | "en" };
  browser: boolean;
  number: string;
}

const of = (id: string, tag: string) => ({ path: { id: Number(id) }, header: { "If-Match": tag } });

export const operators: Subject<Out, In> = {
  name: "operators",
  title: msg`Operators`,
  about: msg`Users who take calls, with their phone, their skills and the queues they serve.`,
  add: msg`New operator`,
  empty: msg`Nobody takes calls yet. Make an operator: a user with a phone, in the page or a SIP app.`,
  reads: "operators.read",
  writes: "operators.write",
  used: "operator",
  columns: [
    { title: msg`Name`, cell: (one) => one.name },
    {
      title: msg`Queues`,
      cell: (one) => (one.memberships ?? []).map(({ queue, level }) => `${queue} (${String(level)})`).join(", "),
    },
    { title: msg`Skills`, cell: (one) => (one.skills ?? []).join(", ") },
    { title: msg`Internal number`, cell: (one) => one.numbers.join(", ") },
  ],
  list: () => whole(answer(api.GET("/api/v1/operators"))),
  id: (one) => String(one.id),
  label: (one) => one.name,
  read: (id) => answerWithTag(api.GET("/api/v1/operators/{id}", { params: { path: { id: Number(id) } } })),
  make: ({ whose, user, browser, number, ...settings }) =>
    answer(
      api.POST("/api/v1/operators", {
        body: { ...settings, user: whose ? Number(whose) : user, browser, number: number.trim() || null },
      }),
    ),
  change: (id, { skills, memberships, auto_answer }, tag) =>
    answerWithTag(
      api.PUT("/api/v1/operators/{id}", { params: of(id, tag), body: { skills, memberships, auto_answer } }),
    ),
  remove: (id, tag) => answer(api.DELETE("/api/v1/operators/{id}", { params: of(id, tag) })),
  blank: {
    whose: "",
    user: { username: "", password: "", display_name: "", language: "et" },
    browser: true,
    number: "",
    skills: [],
    memberships: [],
    auto_answer: false,
  },
  begins: async () => {
    const [only, ...others] = await answer(api.GET("/api/v1/queues"));
    return only && others.length === 0 ? { memberships: [{ queue: only.id, level: 1 }] } : {};
  },
  form: ({ skills, memberships, auto_answer }) => ({ ...operators.blank, skills, memberships, auto_answer }),
  more: OperatorPhone,
  made: NewPhone,
  fields: [
    {
      name: "whose",
      kind: "choice",
      label: msg`User`,
      fresh: true,
      options: "users",
      none: msg`a new user`,
      blank: "",
    },
    {
      name: "user",
      kind: "group",
      label: msg`New user`,
      fresh: true,
      when: (form) => form.whose === "",
      of: [
        { name: "display_name", kind: "text", label: msg`Name`, required: true, most: 100 },
        {
          name: "username",
          kind: "text",
          label: msg`User name`,
          hint: msg`For logging in, without blanks.`,
          required: true,
          most: 100,
        },
        {
          name: "password",
          kind: "password",
          label: msg`Password`,
          hint: msg`At least 10 characters, not easily guessed.`,
          required: true,
        },
        {
          name: "language",
          kind: "choice",
          label: msg`Language`,
          options: LANGUAGES,
        },
      ],
    },
    {
      name: "browser",
      kind: "flag",
      label: msg`Phone in the page`,
      hint: msg`Otherwise any SIP phone or app: its account is shown once it is made.`,
      fresh: true,
    },
    {
      name: "number",
      kind: "text",
      label: msg`Internal number`,
      hint: msg`Colleagues reach the operator by it. Empty: none.`,
      fresh: true,
      most: 40,
    },
    {
      name: "memberships",
      kind: "rows",
      label: msg`Queues`,
      hint: msg`Operators on level 1 are offered calls first.`,
      add: msg`Another queue`,
      blank: { queue: "", level: 1 },
      of: [
        { name: "queue", kind: "choice", label: msg`Queue`, options: "queues", required: true, blank: "" },
        { name: "level", kind: "number", label: msg`Level`, least: 1, most: 100 },
      ],
    },
    {
      name: "skills",
      kind: "words",
      label: msg`Skills`,
      hint: msg`With commas between them, such as lang:et.`,
    },
    { name: "auto_answer", kind: "flag", label: msg`The phone answers by itself` },
  ],
};
