import { i18n } from "@lingui/core";
import { msg } from "@lingui/core/macro";

import { answer, answerWithTag, api } from "@/api/client";
import type { components } from "@/api/contract";

import { DryRun } from "../retention/DryRun";
import { whole, type Subject } from "../shape/subject";

type Out = components["schemas"]["RetentionOut"];
type In = components["schemas"]["RetentionIn"];
type Kept = Out["kind"];

const KINDS: Record<Kept, ReturnType<typeof msg>> = {
  calls: msg`calls`,
  attempts: msg`campaign calls`,
  events: msg`the audit log`,
  notes: msg`notes`,
  orders: msg`orders`,
  order_drafts: msg`drafts of orders`,
  complaints: msg`complaints`,
  import_files: msg`files of imports`,
  contacts: msg`contacts that nobody talks with`,
};

const at = (id: string) => ({ path: { kept: id as Kept } });

export const retention: Subject<Out, In> = {
  name: "retention",
  title: msg`How long data are kept`,
  about: msg`What is older is removed each day. Before that is switched on, a dry run says how much it would be.`,
  add: msg`How long data are kept`,
  empty: msg`Nothing is kept.`,
  reads: "privacy.set",
  writes: "privacy.set",
  columns: [
    { title: msg`What`, cell: (one, say) => say.text(KINDS[one.kind]) },
    { title: msg`Days`, cell: (one, say) => (one.days ? say.number(one.days) : say.text(msg`for ever`)) },
    { title: msg`Would be removed`, cell: (one, say) => (one.counted === null ? "–" : say.number(one.counted)) },
  ],
  list: () => whole(answer(api.GET("/api/v1/privacy/retention"))),
  id: (one) => one.kind,
  label: (one) => i18n._(KINDS[one.kind]),
  active: (one) => one.active,
  read: (id) => answerWithTag(api.GET("/api/v1/privacy/retention/{kept}", { params: at(id) })),
  change: (id, body, tag) =>
    answerWithTag(
      api.PUT("/api/v1/privacy/retention/{kept}", { params: { ...at(id), header: { "If-Match": tag } }, body }),
    ),
  more: DryRun,
  blank: { days: 0, active: false },
  form: ({ days, active }) => ({ days, active }),
  fields: [
    { name: "days", kind: "number", label: msg`Days`, hint: msg`0: for ever`, least: 0, most: 36_500 },
    {
      name: "active",
      kind: "flag",
      label: msg`Carried out each day`,
      hint: msg`Only after a dry run with as many days.`,
    },
  ],
};
