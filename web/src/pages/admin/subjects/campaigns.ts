import { msg } from "@lingui/core/macro";

import { answer, api } from "@/api/client";
import type { components } from "@/api/contract";
import { client } from "@/api/queryClient";
import { MODE_TEXTS } from "@/texts/campaigns";
import { ATTEMPT_TEXTS, OUTCOME_TEXTS } from "@/texts/states";

import { RuleSetAbout } from "../campaigns/RuleSetAbout";
import { asRows, asRules, type TriedAgain } from "../campaigns/tryAgain";
import { asSpans, asWeek } from "../campaigns/hours";
import type { Option } from "../shape/field";
import { untagged, whole, type Subject } from "../shape/subject";
import type { Hours } from "../shape/week";
import { without } from "../shape/without";

type Out = components["schemas"]["CampaignOut"];
type Settings = components["schemas"]["CampaignIn"];
type Recycling = Omit<components["schemas"]["RecyclingIn"], "again">;
type In = Omit<Settings, "hours" | "recycling" | "rule_set"> & {
  week: Hours[][];
  recycling: Recycling;
  again: TriedAgain[];
  rule_set: string;
};

const body = (form: In): Settings => ({
  ...without(form, "week", "again"),
  hours: asSpans(form.week),
  recycling: { ...form.recycling, again: asRules(form.again) },
  rule_set: form.rule_set as Settings["rule_set"],
});

async function known<Answer>(asked: Promise<Answer>): Promise<Answer> {
  const found = await asked;
  void client.invalidateQueries({ queryKey: ["campaign"] });
  return found;
}

const outcome = (value: string): Option => ({
  value,
  label: OUTCOME_TEXTS[value] ?? ATTEMPT_TEXTS[value] ?? msg`other`,
});

/** The outcomes after which a lead may be tried again, in the order of how often they come. */
const OUTCOMES = [
  ...["no_answer", "busy", "machine", "hung_up", "abandoned", "wrong_number", "failed", "refused", "withdrawn"],
  ...["unknown", "answered"],
].map(outcome);

const MOST_LINES = 10;
const TENTHS = 1;
const HUNDREDTHS = 2;

export const campaigns: Subject<Out, In> = {
  name: "campaigns",
  home: (id) => (id ? `/campaigns/${id}` : "/campaigns"),
  title: msg`Campaigns`,
  about: msg`Calls that the centre makes: to whom, when, and how many at a time.`,
  add: msg`New campaign`,
  empty: msg`There is no campaign yet.`,
  reads: "campaigns.read",
  writes: "campaigns.run",
  columns: [{ title: msg`Name`, cell: (one) => one.title }],
  list: () => whole(answer(api.GET("/api/v1/campaigns"))),
  id: (one) => String(one.id),
  label: (one) => one.title,
  read: (id) => untagged(answer(api.GET("/api/v1/campaigns/{id}", { params: { path: { id: Number(id) } } }))),
  make: (form) => known(answer(api.POST("/api/v1/campaigns", { body: body(form) }))),
  change: (id, form) =>
    untagged(
      known(answer(api.PUT("/api/v1/campaigns/{id}", { params: { path: { id: Number(id) } }, body: body(form) }))),
    ),
  remove: (id) => known(answer(api.DELETE("/api/v1/campaigns/{id}", { params: { path: { id: Number(id) } } }))),
  fixed: (one) => one.state === "finished",
  blank: blank(),
  form: read,
  fields: [
    { name: "title", kind: "text", label: msg`Name`, required: true, most: 100 },
    {
      name: "queue",
      kind: "choice",
      label: msg`Queue whose operators talk`,
      required: true,
      options: "queues",
      blank: "",
    },
    {
      name: "mode",
      kind: "choice",
      label: msg`How it dials`,
      options: (["preview", "progressive", "ratio", "predictive"] as const).map((value) => ({
        value,
        label: MODE_TEXTS[value],
      })),
    },
    {
      name: "lines",
      kind: "number",
      label: msg`Lines for each free operator`,
      when: (form) => form.mode === "ratio",
      least: 1,
      most: MOST_LINES,
      decimals: TENTHS,
    },
    {
      name: "preview_s",
      kind: "number",
      label: msg`Time to look at a lead, seconds`,
      hint: msg`Then it is dialled. 0: without limit.`,
      when: (form) => form.mode === "preview",
      least: 0,
      most: 3600,
    },
    {
      name: "purpose",
      heading: msg`What the law asks`,
      kind: "choice",
      label: msg`What it calls for`,
      options: [
        { value: "marketing", label: msg`marketing` },
        { value: "survey", label: msg`a survey` },
        { value: "service", label: msg`a service of a customer` },
        { value: "reminder", label: msg`a reminder` },
      ],
    },
    {
      name: "legal_basis",
      kind: "choice",
      label: msg`Legal basis`,
      hint: msg`Marketing cannot begin without one. With consent, no person is called without a consent on file.`,
      options: [
        { value: "consent", label: msg`consent` },
        { value: "existing_customers", label: msg`they are customers` },
        { value: "legitimate_interest", label: msg`legitimate interest` },
      ],
      none: msg`none`,
    },
    {
      name: "legal_basis_note",
      kind: "long",
      label: msg`Where the interest was weighed`,
      when: (form) => form.legal_basis === "legitimate_interest",
      most: 2000,
    },
    {
      name: "rule_set",
      kind: "choice",
      label: msg`Rule set`,
      required: true,
      options: "ruleSets",
      blank: "",
      about: RuleSetAbout,
    },
    {
      name: "week",
      heading: msg`When it calls`,
      kind: "week",
      label: msg`Hours, in the customer's own time`,
      hint: msg`Without any, the hours of the rule set.`,
    },
    { name: "holidays", kind: "flag", label: msg`On public holidays, too` },
    { name: "starts_at", kind: "moment", label: msg`Not before` },
    { name: "ends_at", kind: "moment", label: msg`Not after` },
    {
      name: "country",
      kind: "text",
      label: msg`Country`,
      hint: msg`Of numbers without a country code, such as EE. Empty: the centre's.`,
      none: true,
      most: 2,
    },
    {
      name: "time_zone",
      kind: "text",
      label: msg`Time zone`,
      hint: msg`Of customers whose number tells none, such as Europe/Tallinn.`,
      none: true,
      most: 60,
    },
    {
      name: "caller_id",
      heading: msg`What customers see and hear`,
      kind: "text",
      label: msg`Number that customers see`,
      hint: msg`Empty: the trunk's own.`,
      most: 21,
      pattern: "\\+?[0-9]{1,20}",
    },
    { name: "trunk", kind: "text", label: msg`Trunk`, required: true, most: 40 },
    { name: "ring_s", kind: "number", label: msg`It rings, seconds`, least: 15, most: 60 },
    {
      name: "message",
      kind: "text",
      label: msg`Message when no operator is free, a sound file`,
      most: 100,
    },
    { name: "detect_machines", kind: "flag", label: msg`Tell answering machines from people` },
    {
      name: "machine",
      kind: "choice",
      label: msg`When a machine answers`,
      when: (form) => form.detect_machines === true,
      options: [
        { value: "hang_up", label: msg`hang up` },
        { value: "message", label: msg`play a message` },
        { value: "pass_on", label: msg`give it to an operator` },
      ],
    },
    {
      name: "machine_message",
      kind: "text",
      label: msg`Message for machines, a sound file`,
      when: (form) => form.detect_machines === true && form.machine === "message",
      most: 100,
    },
    {
      name: "disposition_required",
      heading: msg`Operators`,
      kind: "flag",
      label: msg`The wrap-up lasts until a result is set`,
    },
    {
      name: "callback_wait_s",
      kind: "number",
      label: msg`A callback waits for its operator, seconds`,
      hint: msg`Then anybody may take it.`,
      least: 0,
      most: 86_400,
    },
    {
      name: "priority",
      kind: "number",
      label: msg`Priority`,
      hint: msg`Of several campaigns the highest goes first.`,
      least: -1000,
      most: 1000,
    },
    {
      name: "callers_weight",
      kind: "number",
      label: msg`Weight of callers in the queue`,
      hint: msg`0: the campaign alone counts. 1: callers alone.`,
      least: 0,
      most: 1,
      decimals: HUNDREDTHS,
    },
    {
      name: "abandon_limit",
      heading: msg`Limits`,
      kind: "number",
      label: msg`Without an operator at most, as a share`,
      hint: msg`0.03 is 3 in 100 of those who answer.`,
      least: 0,
      most: 1,
      decimals: 3,
    },
    {
      name: "connect_s",
      kind: "number",
      label: msg`An operator within, seconds after the answer`,
      least: 0,
      most: 30,
      decimals: TENTHS,
    },
    {
      name: "spend_per_day",
      kind: "number",
      least: 0,
      decimals: HUNDREDTHS,
      none: true,
      label: msg`Money for calls of one day`,
      hint: msg`By the tariffs. Empty: without limit.`,
    },
    {
      name: "prefixes",
      kind: "words",
      label: msg`Numbers may begin with`,
      hint: msg`With commas between them, such as +3725. Empty: any.`,
    },
    {
      name: "recycling",
      heading: msg`Trying again`,
      kind: "group",
      label: msg`Attempts at most`,
      of: [
        { name: "max_per_day", kind: "number", label: msg`At a lead in a day`, least: 1, most: 100 },
        { name: "max_per_campaign", kind: "number", label: msg`At a lead in all`, least: 1, most: 1000 },
        { name: "max_per_number", kind: "number", label: msg`At one number of it`, least: 1, most: 1000 },
        {
          name: "max_per_day_of_number",
          kind: "number",
          label: msg`At a number in a day, in all campaigns`,
          least: 1,
          most: 100,
          none: true,
        },
        {
          name: "max_per_day_of_contact",
          kind: "number",
          label: msg`At a contact in a day, in all campaigns`,
          least: 1,
          most: 100,
          none: true,
        },
        { name: "other_number_gap_s", kind: "number", label: msg`Between two numbers of a lead, seconds`, least: 0 },
      ],
    },
    {
      name: "again_at",
      kind: "choice",
      label: msg`Again`,
      options: [
        { value: "gap", label: msg`as soon as its time has passed` },
        { value: "best_hour", label: msg`at the hour in which people answer best` },
      ],
    },
    {
      name: "again",
      kind: "rows",
      label: msg`After which outcome, when`,
      hint: msg`What is not named here goes by the defaults: after no answer in three hours, after busy in five minutes.`,
      add: msg`Another outcome`,
      blank: { outcome: "no_answer", then: "again", minutes: 180, other_number: true },
      of: [
        { name: "outcome", kind: "choice", label: msg`Outcome`, options: OUTCOMES },
        {
          name: "then",
          kind: "choice",
          label: msg`Then`,
          options: [
            { value: "again", label: msg`try again` },
            { value: "done", label: msg`the lead is done` },
          ],
        },
        { name: "minutes", kind: "number", label: msg`After, minutes`, least: 0, most: 129_600 },
        { name: "other_number", kind: "flag", label: msg`With the next number of the lead` },
      ],
    },
  ],
};

function blank(): In {
  return {
    title: "",
    queue: "",
    mode: "progressive",
    purpose: "service",
    legal_basis: null,
    legal_basis_note: "",
    rule_set: "",
    lines: 1,
    preview_s: 0,
    week: asWeek([]),
    holidays: false,
    starts_at: null,
    ends_at: null,
    country: null,
    time_zone: null,
    caller_id: "",
    trunk: "trunk",
    ring_s: 25,
    priority: 0,
    abandon_limit: 0.03,
    connect_s: 2,
    callers_weight: 0.8,
    message: "please-try-call-later",
    detect_machines: false,
    machine: "hang_up",
    machine_message: "",
    amd: {},
    prefixes: [],
    spend_per_day: null,
    callback_wait_s: 900,
    disposition_required: false,
    again_at: "gap",
    again: [],
    recycling: {
      other_number_gap_s: 60,
      max_per_day: 3,
      max_per_campaign: 10,
      max_per_number: 6,
      max_per_day_of_number: null,
      max_per_day_of_contact: null,
    },
  };
}

function read(one: Out): In {
  const { hours, recycling, ...other } = one;
  const settings = Object.fromEntries(
    Object.keys(blank()).flatMap((name) => (name in other ? [[name, other[name as keyof typeof other]]] : [])),
  );
  return {
    ...blank(),
    ...settings,
    time_zone: one.time_zone || null,
    week: asWeek(hours ?? []),
    again: asRows(recycling?.again ?? {}),
    recycling: { ...blank().recycling, ...without(recycling ?? {}, "again" as never) },
  };
}
