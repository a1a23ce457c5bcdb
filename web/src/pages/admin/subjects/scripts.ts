import { msg } from "@lingui/core/macro";

import { answer, answerWithTag, api } from "@/api/client";
import type { components } from "@/api/contract";

import { publishing } from "../publishing/publishing";
import { STATE_TEXTS } from "../publishing/stateTexts";
import type { Subject } from "../shape/subject";

type Out = components["schemas"]["ScriptOut"];
type In = components["schemas"]["ScriptIn"];
type Row = components["schemas"]["Scripts"]["items"][number];

const LIMIT = 50;
const CODE = "[a-z][a-z0-9_\\-]{0,39}";
const at = (id: string) => ({ path: { id: Number(id) } });

export const scripts: Subject<Out, In, Row> = {
  name: "scripts",
  title: msg`Scripts`,
  about: msg`What operators say and ask in calls, step by step.`,
  add: msg`New script`,
  empty: msg`There is no script yet. A script leads operators through a call of its queues and campaigns.`,
  reads: "scripts.write",
  writes: "scripts.write",
  columns: [
    { title: msg`Name`, cell: (one) => one.title },
    { title: msg`Published`, cell: (one, say) => say.text(STATE_TEXTS[one.state]) },
    { title: msg`Changed`, cell: (one, say) => `${say.date(one.changed_at)}, ${one.changed_by}` },
  ],
  list: ({ cursor }) => answer(api.GET("/api/v1/scripts", { params: { query: { cursor, limit: LIMIT } } })),
  id: (one) => String(one.id),
  label: (one) => one.title,
  read: (id) => answerWithTag(api.GET("/api/v1/scripts/{id}", { params: at(id) })),
  make: (body) => answer(api.POST("/api/v1/scripts", { body })),
  change: (id, body, tag) =>
    answerWithTag(api.PUT("/api/v1/scripts/{id}", { params: { ...at(id), header: { "If-Match": tag } }, body })),
  more: publishing("scripts", (id, state, tag) =>
    answer(
      api.PUT("/api/v1/scripts/{id}/state", { params: { ...at(id), header: { "If-Match": tag } }, body: { state } }),
    ),
  ),
  blank: { title: "", queues: [], campaigns: [], steps: [] },
  form: ({ title, queues, campaigns, steps }) => ({ title, queues, campaigns, steps }),
  fields: [
    { name: "title", kind: "text", label: msg`Name`, required: true, most: 100 },
    { name: "queues", kind: "several", label: msg`For calls of these queues`, options: "queues" },
    {
      name: "campaigns",
      kind: "several",
      label: msg`For calls of these campaigns`,
      options: "campaigns",
      number: true,
    },
    {
      name: "steps",
      kind: "rows",
      label: msg`Steps`,
      hint: msg`A call begins with the first one. A step leads to another by its code, or to “end”.`,
      add: msg`Another step`,
      blank: { code: "", texts: {}, required: false, question: null, jump: null, branches: [], then: null },
      of: [
        { name: "code", kind: "text", label: msg`Code`, required: true, pattern: CODE },
        { name: "then", kind: "text", label: msg`Leads to`, pattern: CODE, none: true },
        { name: "required", kind: "flag", label: msg`An answer must be given` },
        {
          name: "texts",
          kind: "titles",
          label: msg`What is said`,
          hint: msg`Variables stand in braces: the name of the customer is contact.given_name.`,
          long: true,
        },
        {
          name: "question",
          kind: "maybe",
          label: msg`Question`,
          add: msg`Ask something`,
          blank: { kind: "text", choices: [] },
          of: [
            {
              name: "kind",
              kind: "choice",
              label: msg`Kind of answer`,
              options: [
                { value: "text", label: msg`text` },
                { value: "choice", label: msg`one of several` },
                { value: "several", label: msg`any of several` },
                { value: "yes_no", label: msg`yes or no` },
                { value: "number", label: msg`figure` },
                { value: "date", label: msg`date` },
              ],
            },
            {
              name: "choices",
              kind: "rows",
              label: msg`To choose from`,
              add: msg`Another choice`,
              blank: { code: "", texts: {} },
              of: [
                { name: "code", kind: "text", label: msg`Code`, required: true, pattern: CODE },
                { name: "texts", kind: "titles", label: msg`Text` },
              ],
            },
          ],
        },
        {
          name: "jump",
          kind: "maybe",
          label: msg`Offers to open`,
          add: msg`Offer to open something`,
          blank: { to: "article", ref: "" },
          of: [
            {
              name: "to",
              kind: "choice",
              label: msg`What`,
              options: [
                { value: "article", label: msg`an article` },
                { value: "order", label: msg`an order` },
                { value: "complaint", label: msg`a complaint` },
                { value: "survey", label: msg`a survey` },
                { value: "disposition", label: msg`a disposition` },
              ],
            },
            { name: "ref", kind: "text", label: msg`Which one, its id or code`, most: 60 },
          ],
        },
        {
          name: "branches",
          kind: "rows",
          label: msg`Where answers lead`,
          hint: msg`The first whose conditions hold counts.`,
          add: msg`Another way`,
          blank: { when: [{ step: null, check: "is", value: "" }], then: "" },
          of: [
            { name: "then", kind: "text", label: msg`Leads to`, required: true, pattern: CODE },
            {
              name: "when",
              kind: "rows",
              label: msg`Conditions`,
              add: msg`Another condition`,
              blank: { step: null, check: "is", value: "" },
              of: [
                { name: "step", kind: "text", label: msg`Of the step (empty: this one)`, pattern: CODE, none: true },
                {
                  name: "check",
                  kind: "choice",
                  label: msg`The answer`,
                  options: [
                    { value: "is", label: msg`is` },
                    { value: "is_not", label: msg`is not` },
                    { value: "at_least", label: msg`is at least` },
                    { value: "at_most", label: msg`is at most` },
                    { value: "answered", label: msg`was given` },
                    { value: "unanswered", label: msg`was not given` },
                  ],
                },
                { name: "value", kind: "text", label: msg`Value`, most: 200 },
              ],
            },
          ],
        },
      ],
    },
  ],
};
