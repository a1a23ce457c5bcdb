import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { answer, api } from "@/api/client";
import type { components } from "@/api/contract";
import { useMay } from "@/api/session";
import { HeldButton } from "@/parts/HeldButton";
import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";
import { useFormats } from "@/texts/format";

import shape from "../shape/shape.module.css";
import { Choices } from "./Choices";
import { AGREEMENT_TEXTS, NAME_TEXTS } from "./agreementTexts";
import css from "./duplicates.module.css";

interface Props {
  pair: components["schemas"]["DuplicateOut"];
  /** Called with the merge's id. */
  merged: (merge: number) => void;
}

/** Two contacts side by side: why they may be the same, and what would be kept of each. */
export function Pair({ pair, merged }: Props) {
  const { i18n } = useLingui();
  const { percent } = useFormats();
  const client = useQueryClient();
  const may = useMay("contacts.remove");
  const [take, setTake] = useState<readonly string[]>([]);
  const [mine, theirs] = pair.contacts;
  const choices = useQuery({
    queryKey: ["merge-preview", mine?.id, theirs?.id, mine?.version, theirs?.version],
    queryFn: () =>
      answer(
        api.GET("/api/v1/contacts/{id}/merge-preview", {
          params: { path: { id: mine?.id ?? 0 }, query: { other: theirs?.id ?? 0 } },
        }),
      ),
    enabled: mine !== undefined && theirs !== undefined,
  });
  const merge = useMutation({
    mutationFn: () =>
      answer(
        api.POST("/api/v1/contacts/{id}/merge", {
          params: { path: { id: mine?.id ?? 0 }, header: { "If-Match": `"${String(mine?.version)}"` } },
          body: { other: theirs?.id ?? 0, take: [...take] },
        }),
      ),
    onSuccess: async (done) => {
      merged(done.merge);
      await client.invalidateQueries({ queryKey: ["duplicates"] });
    },
  });
  const dismiss = async () => {
    await answer(api.POST("/api/v1/duplicates/{id}/dismissal", { params: { path: { id: pair.id } } }));
    await client.invalidateQueries({ queryKey: ["duplicates"] });
  };
  const names = pair.contacts.map((one) => one.name).join(" – ");
  return (
    <Section title={names} className={css.pair} aside={<b>{percent(pair.score / 100)}</b>}>
      <p className={shape.hint}>
        {pair.reasons
          .map(({ what, value }) => {
            const known = AGREEMENT_TEXTS[what];
            const how = what === "name" ? NAME_TEXTS[value] : undefined;
            return `${known ? i18n._(known) : what}: ${how ? i18n._(how) : value}`;
          })
          .join("; ")}
      </p>
      {choices.data && (
        <Choices choices={choices.data} names={pair.contacts.map((one) => one.name)} take={take} change={setTake} />
      )}
      <Trouble error={choices.error ?? merge.error} />
      <div className={shape.buttons}>
        {may && (
          <Button
            loading={merge.isPending}
            onClick={() => {
              merge.mutate();
            }}
          >
            <Trans>Make one of them</Trans>
          </Button>
        )}
        <HeldButton
          id={`duplicate ${String(pair.id)}`}
          text={<Trans>They are two</Trans>}
          held={<Trans>They are two, for good.</Trans>}
          act={dismiss}
        />
      </div>
    </Section>
  );
}
