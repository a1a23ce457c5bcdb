import { Trans, useLingui } from "@lingui/react/macro";
import { VisuallyHidden } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { dispositionsQuery } from "@/api/queries";
import { useMay } from "@/api/session";
import { useLive, useQueueTitle } from "@/live/useLive";
import { Icon } from "@/parts/Icon";
import { Section } from "@/parts/Section";
import { LACK_TEXTS } from "@/texts/campaigns";
import { useFormats } from "@/texts/format";

import css from "./campaigns.module.css";
import { scriptsQuery, type Campaign } from "./queries";

/** What a campaign needs before it calls, and which of it is there. */
export function Needs({ campaign }: { campaign: Campaign }) {
  const { i18n, t } = useLingui();
  const formats = useFormats();
  const id = String(campaign.id);
  const queue = useQueueTitle(campaign.queue);
  const ready = useLive(({ floor }) => floor.queues.get(campaign.queue)?.idle ?? 0);
  const members = useLive(({ floor }) => floor.queues.get(campaign.queue)?.members ?? 0);
  const results = useQuery(dispositionsQuery(campaign.id));
  const writesScripts = useMay("scripts.write");
  const scripts = useQuery({ ...scriptsQuery, enabled: writesScripts });
  const setsResults = useMay("dispositions.write");
  const lacks = campaign.lacks.map((lack) => i18n._(LACK_TEXTS[lack])).join(", ");
  const leads = Object.entries(campaign.leads ?? {}).reduce((sum, [state, n]) => sum + (state === "done" ? 0 : n), 0);
  const offered = results.data?.filter((one) => one.active !== false).length ?? 0;
  const fitting =
    scripts.data?.items.filter(
      (one) => one.campaigns.includes(campaign.id) || (!one.campaigns.length && one.queues.includes(campaign.queue)),
    ) ?? [];
  const idle = formats.number(ready);
  const all = formats.number(members);
  return (
    <Section title={<Trans>What it needs</Trans>} icon="check">
      <ul className={css.needs}>
        <Need done={!lacks} title={<Trans>Rules</Trans>}>
          {lacks ? (
            <Link to="/campaigns/$id/settings" params={{ id }}>
              <Trans>Missing: {lacks}</Trans>
            </Link>
          ) : (
            campaign.rule_set
          )}
        </Need>
        <Need done={leads > 0} title={<Trans>Leads</Trans>}>
          {leads > 0 ? formats.number(leads) : t`Drop a file, or give one below.`}
        </Need>
        <Need done={ready > 0} title={<Trans>Operators</Trans>}>
          {members > 0 ? (
            <Trans>
              {queue}: {idle} of {all} free
            </Trans>
          ) : (
            <Trans>{queue} has none. Put some into the queue.</Trans>
          )}
        </Need>
        <Need done={offered > 0 || !campaign.disposition_required} title={<Trans>Results to choose</Trans>}>
          {offered > 0 && formats.number(offered)}{" "}
          {setsResults && (
            <Link to="/admin/$subject" params={{ subject: "dispositions" }}>
              <Trans>Dispositions</Trans>
            </Link>
          )}
        </Need>
        {writesScripts && (
          <Need done={fitting.length > 0} title={<Trans>Script</Trans>}>
            {fitting.map((one) => (
              <Link key={one.id} to="/admin/$subject/$id" params={{ subject: "scripts", id: String(one.id) }}>
                {one.title}
              </Link>
            ))}
            {fitting.length === 0 && (
              <Link to="/admin/$subject" params={{ subject: "scripts" }}>
                <Trans>None; it can call without</Trans>
              </Link>
            )}
          </Need>
        )}
      </ul>
    </Section>
  );
}

function Need({ done, title, children }: { done: boolean; title: ReactNode; children: ReactNode }) {
  return (
    <li data-done={done}>
      <Icon name={done ? "check" : "plus"} size={16} />
      <b>
        {title}
        <VisuallyHidden>{done ? <Trans>there</Trans> : <Trans>to do</Trans>}</VisuallyHidden>
      </b>
      <span>{children}</span>
    </li>
  );
}
