import { Trans, useLingui } from "@lingui/react/macro";
import { Button, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";

import { answer, api } from "@/api/client";
import { useMay } from "@/api/session";
import { useLive, useLiveStore, useQueueTitle } from "@/live/useLive";
import { CampaignTile } from "@/pages/floor/CampaignTile";
import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";
import { Waiting } from "@/parts/Waiting";
import { LACK_TEXTS, MODE_TEXTS } from "@/texts/campaigns";
import { useFormats } from "@/texts/format";

import css from "./campaigns.module.css";
import { Funnel } from "./Funnel";
import { Imports } from "./Imports";
import { campaignQuery, type Campaign } from "./queries";
import { CAMPAIGN_STATES, LEAD_STATES } from "./words";

const route = getRouteApi("/campaigns/$id");

/** One campaign: its state and what keeps it, its leads, what has come of its attempts, and files of leads. */
export function CampaignPage() {
  const id = Number(route.useParams().id);
  const found = useQuery(campaignQuery(id));
  const imports = useMay("leads.import");
  const evidence = useMay("reports.read");
  const onFloor = useLive(({ floor }) => floor.campaigns.has(id));
  return (
    <div className={css.campaigns}>
      <p>
        <Link to="/campaigns">
          <Trans>All campaigns</Trans>
        </Link>
      </p>
      <Trouble error={found.error} />
      {found.isPending && <Waiting lines={6} />}
      {found.data && (
        <>
          <Head campaign={found.data} />
          <div className={css.halves}>
            {onFloor && <CampaignTile id={id} />}
            <Leads campaign={found.data} />
            {evidence && <Funnel id={id} />}
          </div>
          {imports && <Imports campaign={found.data} />}
        </>
      )}
    </div>
  );
}

function Head({ campaign }: { campaign: Campaign }) {
  const { i18n, t } = useLingui();
  const formats = useFormats();
  const { line } = useLiveStore();
  const queue = useQueueTitle(campaign.queue);
  const runs = useMay("campaigns.run");
  const [reason, setReason] = useState("");
  const client = useQueryClient();
  const id = campaign.id;
  const turn = useMutation({
    mutationFn: (state: "running" | "paused" | "drained" | "finished") =>
      answer(api.PUT("/api/v1/campaigns/{id}/state", { params: { path: { id } }, body: { state, reason } })),
    onSuccess: () => {
      setReason("");
      void client.invalidateQueries({ queryKey: ["campaign"] });
    },
  });
  const lacks = campaign.lacks.map((lack) => i18n._(LACK_TEXTS[lack])).join(", ");
  const since = formats.moment(campaign.state_at, line.now());
  const state = i18n._(CAMPAIGN_STATES[campaign.state]);
  return (
    <>
      <h1>{campaign.title}</h1>
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
          {campaign.state === "running" ? (
            <Button
              variant="default"
              loading={turn.isPending}
              onClick={() => {
                turn.mutate("paused");
              }}
            >
              <Trans>Pause</Trans>
            </Button>
          ) : (
            <Button
              loading={turn.isPending}
              onClick={() => {
                turn.mutate("running");
              }}
            >
              <Trans>Run</Trans>
            </Button>
          )}
          {campaign.state !== "draft" && campaign.state !== "drained" && (
            <Button
              variant="default"
              loading={turn.isPending}
              onClick={() => {
                turn.mutate("drained");
              }}
            >
              <Trans>Callbacks only</Trans>
            </Button>
          )}
        </div>
      )}
      <Trouble error={turn.error} />
    </>
  );
}

function Leads({ campaign }: { campaign: Campaign }) {
  const { i18n } = useLingui();
  const formats = useFormats();
  return (
    <Section title={<Trans>Leads</Trans>} icon="user">
      <dl className={css.leads}>
        {Object.entries(LEAD_STATES).map(([state, text]) => (
          <div key={state}>
            <dt>{i18n._(text)}</dt>
            <dd data-figures>{formats.number(campaign.leads?.[state as keyof typeof LEAD_STATES] ?? 0)}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}
