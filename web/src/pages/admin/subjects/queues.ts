import { msg } from "@lingui/core/macro";

import { answer, answerWithTag, api } from "@/api/client";
import type { components } from "@/api/contract";

import { whole, type Subject } from "../shape/subject";
import { without } from "../shape/without";

type Out = components["schemas"]["QueueOut"];
type In = components["schemas"]["NewQueue"];

const of = (id: string, tag: string) => ({ path: { id }, header: { "If-Match": tag } });

const NEVER = msg`0: never`;

export const queues: Subject<Out, In> = {
  name: "queues",
  title: msg`Queues`,
  about: msg`Where callers wait, and by which rules they are offered to operators.`,
  add: msg`New queue`,
  empty: msg`There is no queue yet. Make one: callers wait in it until an operator is free.`,
  reads: "queues.read",
  writes: "queues.write",
  used: "queue",
  columns: [
    { title: msg`Name`, cell: (one) => one.title },
    { title: msg`Id`, cell: (one) => one.id },
    { title: msg`Target, seconds`, cell: (one, say) => say.number(one.target_s ?? 0) },
    { title: msg`Skills`, cell: (one) => (one.skills ?? []).join(", ") },
  ],
  list: () => whole(answer(api.GET("/api/v1/queues"))),
  id: (one) => one.id,
  label: (one) => one.title,
  read: (id) => answerWithTag(api.GET("/api/v1/queues/{id}", { params: { path: { id } } })),
  make: (body) => answer(api.POST("/api/v1/queues", { body })),
  change: (id, body, tag) =>
    answerWithTag(api.PUT("/api/v1/queues/{id}", { params: of(id, tag), body: settings(body) })),
  remove: (id, tag) => answer(api.DELETE("/api/v1/queues/{id}", { params: of(id, tag) })),
  blank: { ...defaults(), id: "", title: "" },
  form: (one) => ({ ...defaults(), ...pick(one) }),
  fields: [
    { name: "title", kind: "text", label: msg`Name`, required: true, most: 100 },
    {
      name: "id",
      kind: "text",
      label: msg`Id`,
      hint: msg`Letters, digits and dashes. It never changes.`,
      required: true,
      fresh: true,
      most: 40,
      pattern: "[A-Za-z0-9_\\-]+",
    },
    {
      name: "target_s",
      kind: "number",
      label: msg`Answered within, seconds`,
      hint: msg`The service level is measured by it. 0: no target.`,
      least: 0,
    },
    { name: "ring_s", kind: "number", label: msg`A phone rings, seconds`, least: 3, most: 300 },
    { name: "wrap_up_s", kind: "number", label: msg`Wrap-up after a call, seconds`, least: 0 },
    {
      name: "priority",
      kind: "number",
      label: msg`Priority`,
      hint: msg`Of several queues the highest goes first.`,
      least: -1000,
      most: 1000,
    },
    {
      name: "skills",
      kind: "words",
      label: msg`Skills that calls need`,
      hint: msg`With commas between them, such as lang:et.`,
    },
    {
      name: "preferred_s",
      kind: "number",
      label: msg`Wait for the last operator, seconds`,
      hint: msg`A caller waits so long for whom they talked with last. 0: not at all.`,
      least: 0,
    },
    {
      name: "miss_limit",
      kind: "number",
      label: msg`Missed calls until a break`,
      hint: NEVER,
      least: 0,
      most: 100,
    },
    { name: "retry_s", kind: "number", label: msg`No offer after a missed call, seconds`, least: 0 },
    {
      name: "max_wait_s",
      kind: "number",
      label: msg`The longest wait, seconds`,
      hint: msg`0: without limit`,
      least: 0,
    },
    {
      name: "max_wait_then",
      kind: "choice",
      label: msg`After the longest wait`,
      when: (form) => Number(form.max_wait_s) > 0,
      options: [
        { value: "stay", label: msg`the caller goes on waiting` },
        { value: "queue", label: msg`the caller goes to another queue` },
        { value: "leave", label: msg`a message is played, and the call ends` },
      ],
    },
    {
      name: "overflow_queue",
      kind: "choice",
      label: msg`The other queue`,
      hint: msg`Callers go there after the longest wait, if that is set, and while this queue is paused.`,
      options: "queues",
      none: msg`none`,
    },
    {
      name: "leave_message",
      kind: "choice",
      label: msg`Message`,
      hint: msg`Callers who go nowhere else hear it before the call ends.`,
      options: {
        named: [{ value: "please-try-call-later", label: msg`the PBX's own: please call later (English)` }],
        of: "sounds",
      },
    },
    {
      name: "pop_url",
      kind: "text",
      label: msg`Address that opens when a phone rings`,
      hint: msg`Of another program, with variables in braces. Empty: none.`,
      most: 2000,
    },
  ],
};

function defaults(): Omit<In, "id" | "title"> {
  return {
    skills: [],
    priority: 0,
    target_s: 20,
    ring_s: 20,
    wrap_up_s: 10,
    preferred_s: 10,
    miss_limit: 1,
    retry_s: 5,
    max_wait_s: 0,
    max_wait_then: "stay",
    overflow_queue: null,
    leave_message: "please-try-call-later",
    pop_url: "",
  };
}

function pick(one: Out): In {
  return {
    id: one.id,
    title: one.title,
    skills: one.skills,
    priority: one.priority,
    target_s: one.target_s,
    ring_s: one.ring_s,
    wrap_up_s: one.wrap_up_s,
    preferred_s: one.preferred_s,
    miss_limit: one.miss_limit,
    retry_s: one.retry_s,
    max_wait_s: one.max_wait_s,
    max_wait_then: one.max_wait_then,
    overflow_queue: one.overflow_queue,
    leave_message: one.leave_message,
    pop_url: one.pop_url,
  };
}

function settings(form: In): components["schemas"]["QueueIn"] {
  return without(form, "id");
}
