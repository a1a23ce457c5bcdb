import { msg } from "@lingui/core/macro";

import { answer, answerWithTag, api } from "@/api/client";
import type { components } from "@/api/contract";

import { publishing } from "../publishing/publishing";
import { STATE_TEXTS } from "../publishing/stateTexts";
import type { Subject } from "../shape/subject";
import { titleIn } from "./titleIn";

type Out = components["schemas"]["ArticleOut"];
type In = components["schemas"]["ArticleIn"];
type Row = components["schemas"]["Articles"]["items"][number];

const LIMIT = 50;
const at = (id: string) => ({ path: { id: Number(id) } });

export const articles: Subject<Out, In, Row> = {
  name: "articles",
  title: msg`Articles`,
  about: msg`What operators look up while they talk.`,
  add: msg`New article`,
  empty: msg`There is no article yet. Write down what operators are asked most.`,
  reads: "articles.write",
  writes: "articles.write",
  columns: [
    { title: msg`Title`, cell: (one, say) => one.titles[say.language] ?? Object.values(one.titles)[0] ?? "" },
    { title: msg`Published`, cell: (one, say) => say.text(STATE_TEXTS[one.state]) },
    { title: msg`Changed`, cell: (one, say) => `${say.date(one.changed_at)}, ${one.changed_by}` },
  ],
  list: ({ cursor }) => answer(api.GET("/api/v1/articles", { params: { query: { cursor, limit: LIMIT } } })),
  id: (one) => String(one.id),
  label: (one, language) => ("texts" in one ? titleIn(one.texts, language) : ""),
  read: (id) => answerWithTag(api.GET("/api/v1/articles/{id}", { params: at(id) })),
  make: (body) => answer(api.POST("/api/v1/articles", { body })),
  change: (id, body, tag) =>
    answerWithTag(api.PUT("/api/v1/articles/{id}", { params: { ...at(id), header: { "If-Match": tag } }, body })),
  more: publishing("articles", (id, state, tag) =>
    answer(
      api.PUT("/api/v1/articles/{id}/state", { params: { ...at(id), header: { "If-Match": tag } }, body: { state } }),
    ),
  ),
  blank: {
    texts: { et: { title: "", body: "" } },
    tags: [],
    queues: [],
    campaigns: [],
    products: [],
    topics: [],
    valid_from: null,
    valid_until: null,
    owner: null,
    review_on: null,
  },
  form: (one) => ({
    texts: Object.fromEntries(
      Object.entries(one.texts).map(([language, { title, body }]) => [language, { title, body }]),
    ) as In["texts"],
    tags: one.tags,
    queues: one.queues,
    campaigns: one.campaigns,
    products: one.products,
    topics: one.topics,
    valid_from: one.valid_from,
    valid_until: one.valid_until,
    owner: one.owner,
    review_on: one.review_on,
  }),
  fields: [
    {
      name: "texts",
      kind: "languages",
      label: msg`Texts`,
      blank: { title: "", body: "" },
      of: [
        { name: "title", kind: "text", label: msg`Title`, required: true, most: 100 },
        {
          name: "body",
          kind: "long",
          label: msg`Text`,
          hint: msg`With Markdown: **bold**, lists, links.`,
          most: 20_000,
        },
      ],
    },
    { name: "tags", kind: "words", label: msg`Words it is found by`, hint: msg`With commas between them.` },
    { name: "owner", kind: "choice", label: msg`Kept true by`, options: "users", number: true, none: msg`nobody` },
    { name: "review_on", kind: "date", label: msg`To be looked at on` },
    { name: "valid_from", kind: "moment", label: msg`Holds from` },
    { name: "valid_until", kind: "moment", label: msg`Holds until` },
    { name: "queues", kind: "several", label: msg`For calls of these queues`, options: "queues" },
    {
      name: "campaigns",
      kind: "several",
      label: msg`For calls of these campaigns`,
      options: "campaigns",
      number: true,
    },
    { name: "products", kind: "several", label: msg`About these products`, options: "products" },
    { name: "topics", kind: "several", label: msg`About these categories of complaints`, options: "categories" },
  ],
};
