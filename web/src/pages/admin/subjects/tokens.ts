import { msg } from "@lingui/core/macro";

import { answer, api } from "@/api/client";
import type { components } from "@/api/contract";

import { oneOf, whole, type Subject } from "../shape/subject";
import { NewToken } from "../tokens/NewToken";

type Out = components["schemas"]["TokenOut"];
type In = components["schemas"]["TokenIn"];

const get = () => answer(api.GET("/api/v1/tokens"));

export const tokens: Subject<Out, In> = {
  name: "tokens",
  title: msg`API tokens`,
  about: msg`Programs use the interface with a token in your name: they may do what you may. Make a user with a role of its own for a program that is to do less.`,
  add: msg`New token`,
  empty: msg`You have no token. Make one for a program that is to use the interface, such as a CRM.`,
  reads: "own",
  writes: "own",
  columns: [
    { title: msg`Program`, cell: (one) => one.name },
    { title: msg`Made`, cell: (one, say) => say.date(one.created_at) },
    { title: msg`Used last`, cell: (one, say) => say.date(one.last_seen_at) },
    {
      title: msg`Good until`,
      cell: (one, say) => (one.expires_at === null ? say.text(msg`it is revoked`) : say.date(one.expires_at)),
    },
  ],
  list: () => whole(get()),
  id: (one) => String(one.id),
  label: (one) => one.name,
  read: (id) => oneOf(get(), (one) => String(one.id) === id),
  make: (body) => answer(api.POST("/api/v1/tokens", { body })),
  remove: (id) => answer(api.DELETE("/api/v1/tokens/{token_id}", { params: { path: { token_id: Number(id) } } })),
  removal: msg`Whatever program uses it is refused from then on. A new one can be made.`,
  made: NewToken,
  blank: { name: "", days: 365 },
  form: ({ name }) => ({ name, days: null }),
  fields: [
    {
      name: "name",
      kind: "text",
      label: msg`Program`,
      hint: msg`What the token is for, so that you know later which one to revoke.`,
      required: true,
      most: 100,
    },
    {
      name: "days",
      kind: "number",
      label: msg`Good for days`,
      hint: msg`Empty: until it is revoked.`,
      fresh: true,
      none: true,
      least: 1,
      most: 3650,
    },
  ],
};
