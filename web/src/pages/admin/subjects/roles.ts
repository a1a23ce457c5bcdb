import { msg } from "@lingui/core/macro";

import { answer, answerWithTag, api } from "@/api/client";
import type { components } from "@/api/contract";

import { whole, type Subject } from "../shape/subject";
import { NONE_YET, taggedOf } from "../shape/tagged";
import { PERMISSION_TEXTS } from "./permissionTexts";

type Out = components["schemas"]["RoleOut"];
type In = components["schemas"]["RoleIn"] & { name: string };

const of = (name: string, tag: string) => ({ path: { name }, header: { "If-Match": tag } });

const put = ({ name, ...body }: In, tag: string) =>
  answerWithTag(api.PUT("/api/v1/roles/{name}", { params: of(name, tag), body }));

export const roles: Subject<Out, In> = {
  name: "roles",
  title: msg`Roles`,
  about: msg`Sets of permissions. Three are built in; others are your own.`,
  add: msg`New role`,
  empty: msg`There are no roles.`,
  reads: "users.manage",
  writes: "users.manage",
  used: "role",
  columns: [
    { title: msg`Name`, cell: (one) => one.title || one.name },
    { title: msg`Id`, cell: (one) => one.name },
    { title: msg`Permissions`, cell: (one, say) => say.number(one.permissions.length) },
    { title: msg`Kind`, cell: (one, say) => say.text(one.built_in ? msg`built in` : msg`of your own`) },
  ],
  list: () => whole(answer(api.GET("/api/v1/roles"))),
  id: (one) => one.name,
  label: (one) => one.title || one.name,
  read: (id) => taggedOf(answer(api.GET("/api/v1/roles")), (one) => one.name === id),
  make: async (form) => (await put(form, NONE_YET)).data,
  change: (name, form, tag) => put({ ...form, name }, tag),
  remove: (name, tag) => answer(api.DELETE("/api/v1/roles/{name}", { params: of(name, tag) })),
  fixed: (one) => one.built_in,
  blank: { name: "", title: "", permissions: ["own"], phone: "operator" },
  form: ({ name, title, permissions, phone }) => ({ name, title, permissions, phone }),
  fields: [
    { name: "title", kind: "text", label: msg`Name`, required: true, most: 100 },
    {
      name: "name",
      kind: "text",
      label: msg`Id`,
      hint: msg`Small letters, digits and dashes. It never changes.`,
      required: true,
      fresh: true,
      most: 40,
      pattern: "[a-z][a-z0-9_\\-]*",
    },
    {
      name: "phone",
      kind: "choice",
      label: msg`Calls outside as`,
      hint: msg`The built-in role whose limits hold for their phones.`,
      options: [
        { value: "operator", label: msg`operator` },
        { value: "supervisor", label: msg`supervisor` },
        { value: "administrator", label: msg`administrator` },
      ],
    },
    {
      name: "permissions",
      kind: "several",
      label: msg`Permissions`,
      hint: msg`A change holds at once for all who have the role.`,
      options: Object.entries(PERMISSION_TEXTS).map(([value, label]) => ({ value, label })),
    },
  ],
};
