import { Trans, useLingui } from "@lingui/react/macro";
import { Button, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";

import { answer, api } from "@/api/client";
import { useMay } from "@/api/session";
import { useLiveStore, useQueueTitle } from "@/live/useLive";
import { HeldButton } from "@/parts/HeldButton";
import { Trouble } from "@/parts/Trouble";
import { LACK_TEXTS, MODE_TEXTS } from "@/texts/campaigns";
import { useFormats } from "@/texts/format";

import css from "./campaigns.module.css";
import type { Campaign } from "./queries";
import { CAMPAIGN_STATES } from "./words";

type Next = "running" | "paused" | "drained" | "finished";

/** A campaign's state, since when and why, and the states that may follow it. */
export function Head({ campaign }: { campaign: Campaign }) {
  const { i18n, t } = useLingui();
  const formats = useFormats();
  const { line } = useLiveStore();
  const queue = useQueueTitle(campaign.queue);
  const runs = useMay("campaigns.run");
  const [reason, setReason] = useState("");
  const client = useQueryClient();
  const id = campaign.id;
  const become = async (state: Next) => {
    await answer(api.PUT("/api/v1/campaigns/{id}/state", { params: { path: { id } }, body: { state, reason } }));
    setReason("");
    void client.invalidateQueries({ queryKey: ["campaign"] });
  };
  const turn = useMutation({ mutationFn: become });
  const button = (state: Next, text: ReactNode, variant = "default") => (
    <Button
      variant={variant}
      loading={turn.isPending && turn.variables === state}
      onClick={() => {
        turn.mutate(state);
      }}
    >
      {text}
    </Button>
  );
  const lacks = campaign.lacks.map((lack) => i18n._(LACK_TEXTS[lack])).join(", ");
  const since = formats.moment(campaign.state_at, line.now());
  const state = i18n._(CAMPAIGN_STATES[campaign.state]);
  return (
    <>
      <header className={css.head}>
        <h1>{campaign.title}</h1>
        <Link to="/campaigns/$id/settings" params={{ id: String(id) }}>
          {runs && campaign.state !== "finished" ? (
            <Trans>Change the settings</Trans>
          ) : (
            <Trans>Look at the settings</Trans>
          )}
        </Link>
      </header>
      <p className={css.quiet}>
        <b>{state}</b>, <Trans>since {since}</Trans>
        {campaign.state_reason && ` (${campaign.state_reason})`} · {i18n._(MODE_TEXTS[campaign.mode])} · {queue}
      </p>
      {lacks && (
        <p className={css.lacks}>
          <Trans>Missing before it may call: {lacks}</Trans>
        </p>
      )}
      {runs && campaign.state !== "finished" && (
        <div className={css.steps}>
          <TextInput
            size="sm"
            label={t`Reason, kept on file`}
            value={reason}
            onChange={(event) => {
              setReason(event.currentTarget.value);
            }}
          />
          {campaign.state === "running"
            ? button("paused", <Trans>Pause</Trans>)
            : button("running", <Trans>Run</Trans>, "filled")}
          {campaign.state !== "draft" &&
            campaign.state !== "drained" &&
            button("drained", <Trans>Callbacks only</Trans>)}
          <HeldButton
            id={`campaign ${String(id)}`}
            text={<Trans>Finish</Trans>}
            held={<Trans>It finishes, for good.</Trans>}
            act={() => become("finished")}
          />
        </div>
      )}
      <Trouble error={turn.error} />
    </>
  );
}
