import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";

import { answer, api } from "@/api/client";
import type { components } from "@/api/contract";
import { useClock } from "@/live/clock";
import { Empty } from "@/parts/Empty";
import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";
import { Undo } from "@/parts/Undo";
import { Waiting } from "@/parts/Waiting";
import { useFormats } from "@/texts/format";

import css from "../shape/shape.module.css";

type Lack = components["schemas"]["UnansweredOut"];

const LIMIT = 100;

/** Searches that found nothing of use, the most frequent first: articles to write, or synonyms to add. */
export function Unanswered() {
  const { t } = useLingui();
  const { moment, number } = useFormats();
  const now = useClock((at) => Math.floor(at / 60_000) * 60_000);
  const client = useQueryClient();
  const [last, setLast] = useState<Lack | null>(null);
  const found = useQuery({
    queryKey: ["article", "unanswered", LIMIT],
    queryFn: () => answer(api.GET("/api/v1/articles/unanswered", { params: { query: { limit: LIMIT } } })),
  });
  const settle = useMutation({
    mutationFn: ({ one, done }: { one: Lack; done: boolean }) =>
      answer(api.PUT("/api/v1/articles/unanswered/{id}", { params: { path: { id: one.id } }, body: { done } })),
    onSuccess: async (_, { one, done }) => {
      setLast(done ? one : null);
      await client.invalidateQueries({ queryKey: ["article", "unanswered"] });
    },
  });
  const rows = found.data ?? [];
  const settled = last?.question ?? "";
  return (
    <Section title={<Trans>Searches that found nothing of use</Trans>} count={rows.length} className={css.below}>
      <p className={css.hint}>
        <Trans>
          Write the article that is missing, or add the words as synonyms of those in an article. What is searched for
          once more comes back.
        </Trans>
      </p>
      <Trouble error={found.error ?? settle.error} />
      {last && (
        <Undo
          undo={() => {
            settle.mutate({ one: last, done: false });
          }}
        >
          <Trans>“{settled}” is dealt with.</Trans>
        </Undo>
      )}
      {found.isPending && <Waiting />}
      {found.isSuccess && rows.length === 0 && (
        <Empty>
          <Trans>Every search has found something, or was dealt with.</Trans>
        </Empty>
      )}
      {rows.length > 0 && (
        <div className={css.scroll} tabIndex={0} role="region" aria-label={t`Searched for`}>
          <table className={css.table}>
            <thead>
              <tr>
                <th scope="col">
                  <Trans>Searched for</Trans>
                </th>
                <th scope="col">
                  <Trans>Times</Trans>
                </th>
                <th scope="col">
                  <Trans>Queue</Trans>
                </th>
                <th scope="col">
                  <Trans>Last</Trans>
                </th>
                <th scope="col">
                  <Trans>What to do</Trans>
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map(({ question, ...one }) => (
                <tr key={one.id}>
                  <th scope="row">{question}</th>
                  <td>{number(one.times)}</td>
                  <td>{one.queue || "–"}</td>
                  <td>{moment(one.last_at, now)}</td>
                  <td className={css.actions}>
                    <Link to="/admin/$subject/$id" params={{ subject: "articles", id: "new" }}>
                      <Trans>Write an article</Trans>
                    </Link>
                    <Link to="/admin/$subject/$id" params={{ subject: "synonyms", id: "new" }}>
                      <Trans>Add synonyms</Trans>
                    </Link>
                    <Button
                      size="compact-xs"
                      variant="default"
                      aria-label={t`Dealt with: ${question}`}
                      onClick={() => {
                        settle.mutate({ one: { question, ...one }, done: true });
                      }}
                    >
                      <Trans>Dealt with</Trans>
                    </Button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Section>
  );
}
