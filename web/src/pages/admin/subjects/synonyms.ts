import { msg } from "@lingui/core/macro";

import { answer, answerWithTag, api } from "@/api/client";
import type { components } from "@/api/contract";

import { whole, type Subject } from "../shape/subject";
import { taggedOf } from "../shape/tagged";
import { SearchedFor } from "../synonyms/SearchedFor";

type Out = components["schemas"]["SynonymOut"];
type In = components["schemas"]["SynonymIn"];

const get = () => answer(api.GET("/api/v1/synonyms")).then((all) => all.items);

const words = (all: string[] | undefined) => (all ?? []).join(", ");

export const synonyms: Subject<Out, In> = {
  name: "synonyms",
  title: msg`Search of articles`,
  about: msg`Words that mean the same to whoever searches, in all three languages, and searches that found nothing of use.`,
  add: msg`New synonyms`,
  empty: msg`You have no synonyms of your own. Add some where a search found nothing though the article is there.`,
  reads: "articles.write",
  writes: "articles.write",
  columns: [
    { title: msg`Id`, cell: (one) => one.code },
    { title: msg`Estonian`, cell: (one) => words(one.et) },
    { title: msg`Russian`, cell: (one) => words(one.ru) },
    { title: msg`English`, cell: (one) => words(one.en) },
  ],
  list: () => whole(get()),
  id: (one) => String(one.id),
  label: (one) => one.code,
  active: (one) => one.active ?? true,
  read: (id) => taggedOf(get(), (one) => String(one.id) === id),
  make: (body) => answer(api.POST("/api/v1/synonyms", { body })),
  change: (id, body, tag) =>
    answerWithTag(
      api.PUT("/api/v1/synonyms/{id}", {
        params: { path: { id: Number(id) }, header: { "If-Match": tag } },
        body,
      }),
    ),
  below: SearchedFor,
  blank: { code: "", et: [], ru: [], en: [], active: true },
  form: ({ code, et, ru, en, active }) => ({ code, et, ru, en, active }),
  fields: [
    {
      name: "code",
      kind: "text",
      label: msg`Id`,
      hint: msg`With the id of synonyms that come with the program, these take their place.`,
      required: true,
      most: 60,
      pattern: "[A-Za-z0-9_.:\\-]+",
    },
    { name: "et", kind: "words", label: msg`Estonian`, hint: msg`Words and phrases, with commas between them.` },
    { name: "ru", kind: "words", label: msg`Russian` },
    { name: "en", kind: "words", label: msg`English` },
    { name: "active", kind: "flag", label: msg`In use` },
  ],
};
