import { Trans, useLingui } from "@lingui/react/macro";
import { Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { useLiveStore } from "@/live/useLive";
import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";
import { useFormats } from "@/texts/format";

import css from "./campaigns.module.css";
import { abandonmentQuery, type Campaign } from "./queries";

const DAY_MS = 86_400_000;

/** What proves that the rules were kept: the exact share without an operator, and all attempts as files. */
export function Evidence({ campaign }: { campaign: Campaign }) {
  const { t } = useLingui();
  const formats = useFormats();
  const { line } = useLiveStore();
  const found = useQuery(abandonmentQuery(campaign.id));
  const [from, setFrom] = useState(() => dayOf(Date.parse(campaign.created_at)));
  const [to, setTo] = useState(() => dayOf(line.now()));
  const { rate = 0, answered = 0, abandoned = 0, limit = null, over_limit: over = false } = found.data ?? {};
  const share = formats.percent(rate);
  const most = limit === null ? "" : formats.percent(limit);
  const lost = formats.number(abandoned);
  const all = formats.number(answered + abandoned);
  const query =
    from && to
      ? new URLSearchParams({
          from_at: new Date(`${from}T00:00`).toISOString(),
          to_at: new Date(new Date(`${to}T00:00`).getTime() + DAY_MS).toISOString(),
        }).toString()
      : "";
  const file = (name: string, text: string) => (
    <Button
      component="a"
      size="compact-sm"
      variant="default"
      download
      href={`/api/v1/campaigns/${String(campaign.id)}/evidence/${name}?${query}`}
    >
      {text}
    </Button>
  );
  return (
    <Section title={<Trans>Evidence</Trans>} icon="report">
      <Trouble error={found.error} />
      {found.data && (
        <p data-level={over ? "over" : undefined} className={css.rate}>
          <b data-figures>{share}</b>{" "}
          <Trans>
            without an operator: {lost} of {all}
          </Trans>
          {most && (
            <>
              , <Trans>at most {most}</Trans>
            </>
          )}
        </p>
      )}
      <div className={css.steps}>
        <TextInput
          size="xs"
          type="date"
          label={t`From`}
          value={from}
          onChange={(event) => {
            setFrom(event.currentTarget.value);
          }}
        />
        <TextInput
          size="xs"
          type="date"
          label={t`Until`}
          value={to}
          onChange={(event) => {
            setTo(event.currentTarget.value);
          }}
        />
      </div>
      {query && (
        <div className={css.acts}>
          {file("attempts", t`All attempts as a file`)}
          {file("not-dialled", t`What was not dialled, and why`)}
        </div>
      )}
    </Section>
  );
}

/** A moment's day here, as inputs of days take it. */
function dayOf(moment: number): string {
  return new Date(moment - new Date(moment).getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}
