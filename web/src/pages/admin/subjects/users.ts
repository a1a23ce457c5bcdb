import { msg } from "@lingui/core/macro";

import { answer, answerWithTag, api } from "@/api/client";
import type { components } from "@/api/contract";

import { whole, type Subject } from "../shape/subject";
import { LANGUAGES } from "./languages";

type Out = components["schemas"]["UserOut"];

interface In {
  username: string;
  display_name: string;
  role: string;
  language: "et" | "ru" | "en";
  password: string;
  active: boolean;
}

export const users: Subject<Out, In> = {
  name: "users",
  title: msg`Users`,
  about: msg`Who may log in, and what their role lets them do.`,
  add: msg`New user`,
  empty: msg`Nobody may log in.`,
  reads: "users.manage",
  writes: "users.manage",
  used: "user",
  columns: [
    { title: msg`Name`, cell: (one) => one.display_name },
    { title: msg`User name`, cell: (one) => one.username },
    { title: msg`Role`, cell: (one) => one.role },
    { title: msg`Language`, cell: (one) => one.language },
  ],
  list: () => whole(answer(api.GET("/api/v1/users"))),
  id: (one) => String(one.id),
  label: (one) => one.display_name,
  active: (one) => one.active,
  read: (id) => answerWithTag(api.GET("/api/v1/users/{id}", { params: { path: { id: Number(id) } } })),
  make: ({ username, display_name, role, language, password }) =>
    answer(api.POST("/api/v1/users", { body: { username, display_name, role, language, password } })),
  change: (id, { display_name, role, language, active, password }, tag) =>
    answerWithTag(
      api.PATCH("/api/v1/users/{id}", {
        params: { path: { id: Number(id) }, header: { "If-Match": tag } },
        body: { display_name, role, language, active, ...(password && { password }) },
      }),
    ),
  blank: { username: "", display_name: "", role: "operator", language: "et", password: "", active: true },
  form: ({ username, display_name, role, language, active }) => ({
    username,
    display_name,
    role,
    language: language as In["language"],
    password: "",
    active,
  }),
  fields: [
    { name: "display_name", kind: "text", label: msg`Name`, required: true, most: 100 },
    {
      name: "username",
      kind: "text",
      label: msg`User name`,
      hint: msg`For logging in, without blanks.`,
      required: true,
      fresh: true,
      most: 100,
    },
    { name: "role", kind: "choice", label: msg`Role`, options: "roles" },
    {
      name: "language",
      kind: "choice",
      label: msg`Language`,
      options: LANGUAGES,
    },
    {
      name: "password",
      kind: "password",
      label: msg`Password`,
      hint: msg`At least 10 characters, not easily guessed. Of a user who is there: empty, to leave it as it is.`,
    },
    {
      name: "active",
      kind: "flag",
      label: msg`May log in`,
      hint: msg`Without it the user is logged out everywhere, and the phone's account ends.`,
    },
  ],
};
