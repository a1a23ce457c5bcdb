import { msg } from "@lingui/core/macro";

import { answer, answerWithTag, api } from "@/api/client";
import type { components } from "@/api/contract";

import { whole, type Subject } from "../shape/subject";
import { Deliveries } from "../webhooks/Deliveries";
import { NewSecret } from "../webhooks/NewSecret";

type Out = components["schemas"]["WebhookOut"];
type In = components["schemas"]["WebhookIn"];

const at = (id: string) => ({ path: { id: Number(id) } });

export const webhooks: Subject<Out, In> = {
  name: "webhooks",
  title: msg`Webhooks`,
  about: msg`Programs that are told of events, signed and in order.`,
  add: msg`New webhook`,
  empty: msg`There is no webhook yet. Make one for a program that has to know of orders, calls or complaints.`,
  reads: "webhooks.manage",
  writes: "webhooks.manage",
  columns: [
    { title: msg`Name`, cell: (one) => one.title },
    { title: msg`Address`, cell: (one) => one.url },
    { title: msg`Events`, cell: (one) => one.kinds.join(", ") },
    {
      title: msg`Failing since`,
      cell: (one, say) => (one.failing_since ? say.date(one.failing_since) : "–"),
    },
  ],
  list: () => whole(answer(api.GET("/api/v1/webhooks"))),
  id: (one) => String(one.id),
  label: (one) => one.title,
  active: (one) => one.active ?? true,
  read: (id) => answerWithTag(api.GET("/api/v1/webhooks/{id}", { params: at(id) })),
  make: (body) => answer(api.POST("/api/v1/webhooks", { body })),
  change: (id, body, tag) =>
    answerWithTag(api.PUT("/api/v1/webhooks/{id}", { params: { ...at(id), header: { "If-Match": tag } }, body })),
  remove: (id, tag) =>
    answer(api.DELETE("/api/v1/webhooks/{id}", { params: { ...at(id), header: { "If-Match": tag } } })),
  made: NewSecret,
  more: Deliveries,
  blank: { title: "", url: "https://", kinds: [], values: false, active: true },
  form: ({ title, url, kinds, values, active }) => ({ title, url, kinds, values, active }),
  fields: [
    { name: "title", kind: "text", label: msg`Name`, required: true, most: 100 },
    { name: "url", kind: "text", label: msg`Address`, required: true, most: 500 },
    {
      name: "kinds",
      kind: "words",
      label: msg`Events`,
      hint: msg`Such as order.changed or order.*, with commas between them; * for all.`,
      required: true,
    },
    {
      name: "values",
      kind: "flag",
      label: msg`Tell values, too`,
      hint: msg`Fields before and after, personal data included. Otherwise ids alone.`,
    },
    { name: "active", kind: "flag", label: msg`In use` },
  ],
};
