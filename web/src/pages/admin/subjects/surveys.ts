import { msg } from "@lingui/core/macro";

import { answer, answerWithTag, api } from "@/api/client";
import type { components } from "@/api/contract";

import { publishing } from "../publishing/publishing";
import { STATE_TEXTS } from "../publishing/stateTexts";
import type { Subject } from "../shape/subject";
import { LANGUAGES } from "./languages";

type Out = components["schemas"]["SurveyOut"];
type In = components["schemas"]["SurveyIn"];
type Row = components["schemas"]["Surveys"]["items"][number];

const LIMIT = 50;
const CODE = "[A-Za-z0-9_\\-]{1,40}";
const at = (id: string) => ({ path: { id: Number(id) } });

export const surveys: Subject<Out, In, Row> = {
  name: "surveys",
  title: msg`Surveys`,
  about: msg`Questions to customers, which operators ask in calls.`,
  add: msg`New survey`,
  empty: msg`There is no survey yet. Ask customers how it was, while they are still there.`,
  reads: "surveys.write",
  writes: "surveys.write",
  columns: [
    { title: msg`Name`, cell: (one) => one.title },
    { title: msg`Published`, cell: (one, say) => say.text(STATE_TEXTS[one.state]) },
    { title: msg`Languages`, cell: (one) => one.languages.join(", ") },
    { title: msg`Changed`, cell: (one, say) => `${say.date(one.changed_at)}, ${one.changed_by}` },
  ],
  list: ({ cursor }) => answer(api.GET("/api/v1/surveys", { params: { query: { cursor, limit: LIMIT } } })),
  id: (one) => String(one.id),
  label: (one) => one.title,
  read: (id) => answerWithTag(api.GET("/api/v1/surveys/{id}", { params: at(id) })),
  make: (body) => answer(api.POST("/api/v1/surveys", { body })),
  change: (id, body, tag) =>
    answerWithTag(api.PUT("/api/v1/surveys/{id}", { params: { ...at(id), header: { "If-Match": tag } }, body })),
  more: publishing("surveys", (id, state, tag) =>
    answer(
      api.PUT("/api/v1/surveys/{id}/state", { params: { ...at(id), header: { "If-Match": tag } }, body: { state } }),
    ),
  ),
  blank: { title: "", languages: ["et"], queues: [], campaigns: [], rest_days: 90, questions: [] },
  form: ({ title, languages, queues, campaigns, rest_days, questions }) => ({
    title,
    languages,
    queues,
    campaigns,
    rest_days,
    questions,
  }),
  fields: [
    { name: "title", kind: "text", label: msg`Name`, hint: msg`Customers do not hear it.`, required: true, most: 100 },
    {
      name: "rest_days",
      kind: "number",
      label: msg`Not asked again for days`,
      hint: msg`0: at once`,
      least: 0,
      most: 3650,
    },
    {
      name: "languages",
      kind: "several",
      label: msg`Languages`,
      options: LANGUAGES,
    },
    {
      name: "queues",
      kind: "several",
      label: msg`For calls of these queues`,
      hint: msg`With neither queues nor campaigns it is asked in any call.`,
      options: "queues",
    },
    {
      name: "campaigns",
      kind: "several",
      label: msg`For calls of these campaigns`,
      options: "campaigns",
      number: true,
    },
    {
      name: "questions",
      kind: "rows",
      label: msg`Questions`,
      add: msg`Another question`,
      blank: {
        code: "",
        kind: "scale",
        texts: {},
        required: false,
        low: 1,
        high: 5,
        low_texts: {},
        high_texts: {},
        options: [],
        branches: [],
        then: null,
      },
      of: [
        { name: "code", kind: "text", label: msg`Code`, required: true, pattern: CODE },
        {
          name: "kind",
          kind: "choice",
          label: msg`Kind of answer`,
          options: [
            { value: "scale", label: msg`a scale` },
            { value: "nps", label: msg`would recommend us, 0 to 10` },
            { value: "choice", label: msg`one of several` },
            { value: "several", label: msg`any of several` },
            { value: "number", label: msg`figure` },
            { value: "date", label: msg`date` },
            { value: "text", label: msg`text` },
          ],
        },
        { name: "low", kind: "number", label: msg`Least`, none: true },
        { name: "high", kind: "number", label: msg`Most`, none: true },
        { name: "required", kind: "flag", label: msg`An answer must be given` },
        { name: "then", kind: "text", label: msg`Leads to`, pattern: CODE, none: true },
        { name: "texts", kind: "titles", label: msg`What is read out`, long: true },
        { name: "low_texts", kind: "titles", label: msg`What the least means` },
        { name: "high_texts", kind: "titles", label: msg`What the most means` },
        {
          name: "options",
          kind: "rows",
          label: msg`To choose from`,
          add: msg`Another choice`,
          blank: { code: "", texts: {} },
          of: [
            { name: "code", kind: "text", label: msg`Code`, required: true, pattern: CODE },
            { name: "texts", kind: "titles", label: msg`Text` },
          ],
        },
        {
          name: "branches",
          kind: "rows",
          label: msg`Where answers lead`,
          hint: msg`The first whose conditions hold counts.`,
          add: msg`Another way`,
          blank: { values: [], at_least: null, at_most: null, skipped: false, to: "" },
          of: [
            { name: "values", kind: "words", label: msg`The answer is one of` },
            { name: "at_least", kind: "number", label: msg`At least`, none: true },
            { name: "at_most", kind: "number", label: msg`At most`, none: true },
            { name: "skipped", kind: "flag", label: msg`It was passed over` },
            { name: "to", kind: "text", label: msg`Leads to`, required: true, pattern: CODE },
          ],
        },
      ],
    },
  ],
};
