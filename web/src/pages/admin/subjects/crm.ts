import { msg } from "@lingui/core/macro";

import { answer, answerWithTag, api } from "@/api/client";
import type { components } from "@/api/contract";
import { Refused } from "@/api/refused";

import { CrmMore } from "../crm/CrmMore";
import { PopUrls } from "../crm/PopUrls";
import type { Page, Subject } from "../shape/subject";
import { NONE_YET } from "../shape/tagged";

type Out = components["schemas"]["CrmLookupOut"];
type Address = Omit<components["schemas"]["UrlLookup"], "headers">;
interface Filled {
  name: string;
  value: string;
}

interface In {
  how: Out["kind"];
  template: string;
  url: Address & { headers: Filled[] };
  /** Of a CRM that is there: all parameters are given once more. */
  anew: boolean;
  parameters: Filled[];
  enabled: boolean;
  cache_s: number;
  reports: boolean;
}

const STATES = { working: msg`working`, paused: msg`failing, left alone for a moment`, off: msg`switched off` };
const KINDS = { template: msg`a 3CX template`, url: msg`an address` };
const ONE = "one";

const filled = (rows: Filled[]) => Object.fromEntries(rows.map(({ name, value }) => [name, value]));

async function list(): Promise<Page<Out>> {
  try {
    return { items: [await answer(api.GET("/api/v1/crm-lookup"))], next: null };
  } catch (error) {
    if (error instanceof Refused && error.status === 404) return { items: [], next: null };
    throw error;
  }
}

export const crm: Subject<Out, In> = {
  name: "crm",
  title: msg`CRM`,
  about: msg`Another program that is asked who calls while the phone rings. Its answer comes late? Then it fills the card in place.`,
  add: msg`Ask a CRM`,
  empty: msg`No CRM is asked. With a 3CX template, or the address of its interface, callers' names and pages come from it.`,
  reads: "crm.manage",
  writes: "crm.manage",
  most: 1,
  columns: [
    { title: msg`Name`, cell: (one) => one.name },
    { title: msg`Described by`, cell: (one, say) => say.text(KINDS[one.kind]) },
    { title: msg`Servers`, cell: (one) => one.hosts.join(", ") },
    { title: msg`Now`, cell: (one, say) => say.text(STATES[one.state]) },
  ],
  list,
  id: () => ONE,
  label: (one) => one.name,
  read: () => answerWithTag(api.GET("/api/v1/crm-lookup")),
  make: ({ how, template, url, parameters, enabled, cache_s, reports }) => {
    const said = how === "template" ? { template } : { url: { ...url, headers: filled(url.headers) } };
    return answer(
      api.PUT("/api/v1/crm-lookup", {
        params: { header: { "If-Match": NONE_YET } },
        body: { ...said, parameters: filled(parameters), enabled, cache_s, reports },
      }),
    );
  },
  change: (_, { anew, parameters, enabled, cache_s, reports }, tag) =>
    answerWithTag(
      api.PATCH("/api/v1/crm-lookup", {
        params: { header: { "If-Match": tag } },
        body: { enabled, cache_s, reports, ...(anew && { parameters: filled(parameters) }) },
      }),
    ),
  remove: (_, tag) => answer(api.DELETE("/api/v1/crm-lookup", { params: { header: { "If-Match": tag } } })),
  removal: msg`The CRM is asked no more, and its keys are forgotten. Take it away to describe it anew.`,
  more: CrmMore,
  below: PopUrls,
  blank: {
    how: "template",
    template: "",
    url: { url: "https://", headers: [], name: "", company: "", id: "", link: "" },
    anew: true,
    parameters: [],
    enabled: true,
    cache_s: 300,
    reports: false,
  },
  form: ({ kind, parameters, enabled, cache_s, reports }) => ({
    ...crm.blank,
    how: kind,
    anew: false,
    parameters: parameters.map(({ name }) => ({ name, value: "" })),
    enabled,
    cache_s,
    reports,
  }),
  fields: [
    {
      name: "how",
      kind: "choice",
      label: msg`Described by`,
      fresh: true,
      options: [
        { value: "template", label: KINDS.template },
        { value: "url", label: KINDS.url },
      ],
    },
    {
      name: "template",
      kind: "long",
      label: msg`Template`,
      hint: msg`The XML as it is. Whoever makes your CRM may have one, or 3CX's list of supported CRM systems.`,
      required: true,
      fresh: true,
      when: (form) => form.how === "template",
    },
    {
      name: "url",
      kind: "group",
      label: msg`Address`,
      hint: msg`[Number] stands for the caller's number, other names in brackets for keys, which are entered below.`,
      fresh: true,
      when: (form) => form.how === "url",
      of: [
        { name: "url", kind: "text", label: msg`Address that is asked`, required: true, most: 2000 },
        {
          name: "name",
          kind: "text",
          label: msg`Name in the answer`,
          hint: msg`Such as people.name: names of the JSON with dots between them.`,
          most: 200,
        },
        { name: "company", kind: "text", label: msg`Company in the answer`, most: 200 },
        { name: "id", kind: "text", label: msg`Id in the answer`, most: 200 },
        {
          name: "link",
          kind: "text",
          label: msg`The caller's page`,
          hint: msg`With [Id], such as https://crm.example/people/[Id].`,
          most: 2000,
        },
        {
          name: "headers",
          kind: "rows",
          label: msg`Headers`,
          add: msg`Another header`,
          blank: { name: "Authorization", value: "Bearer [Token]" },
          of: [
            { name: "name", kind: "text", label: msg`Name`, required: true, most: 100, pattern: "[A-Za-z0-9\\-]+" },
            { name: "value", kind: "text", label: msg`Value`, hint: msg`Keys in brackets.`, most: 2000 },
          ],
        },
      ],
    },
    {
      name: "anew",
      kind: "flag",
      label: msg`Enter the keys anew`,
      hint: msg`All of them: those that are there are not shown, and none of them stays.`,
      when: (form) => form.anew !== true,
    },
    {
      name: "parameters",
      kind: "rows",
      label: msg`Keys and other parameters`,
      hint: msg`They are secret: no page shows them again. An empty one gets what the template says.`,
      when: (form) => form.anew === true,
      add: msg`Another parameter`,
      blank: { name: "", value: "" },
      of: [
        { name: "name", kind: "text", label: msg`Name`, required: true, most: 100 },
        { name: "value", kind: "password", label: msg`Value`, most: 4000 },
      ],
    },
    { name: "enabled", kind: "flag", label: msg`Ask it` },
    {
      name: "cache_s",
      kind: "number",
      label: msg`An answer is good for, seconds`,
      hint: msg`0: it is asked for every call.`,
      least: 0,
      most: 86_400,
    },
    {
      name: "reports",
      kind: "flag",
      label: msg`Tell it of calls`,
      hint: msg`When they are over. The template must have a scenario for it.`,
    },
  ],
};
