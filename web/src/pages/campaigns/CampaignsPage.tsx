import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { useMay } from "@/api/session";
import { useLiveStore, useQueueTitle } from "@/live/useLive";
import { Empty } from "@/parts/Empty";
import { Icon } from "@/parts/Icon";
import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";
import { Waiting } from "@/parts/Waiting";
import { MODE_TEXTS } from "@/texts/campaigns";
import { useFormats } from "@/texts/format";

import css from "./campaigns.module.css";
import { campaignsQuery, type Campaign } from "./queries";
import { CAMPAIGN_STATES } from "./words";

/** All campaigns, those that run first. */
export function CampaignsPage() {
  const found = useQuery(campaignsQuery);
  const runs = useMay("campaigns.run");
  const order: Campaign["state"][] = ["running", "paused", "drained", "draft", "finished"];
  const campaigns = [...(found.data ?? [])].sort((one, other) => order.indexOf(one.state) - order.indexOf(other.state));
  return (
    <div className={css.campaigns}>
      <header className={css.head}>
        <h1>
          <Trans>Campaigns</Trans>
        </h1>
        {runs && (
          <Button
            renderRoot={(props) => <Link to="/campaigns/new" {...props} />}
            leftSection={<Icon name="plus" size={16} />}
          >
            <Trans>New campaign</Trans>
          </Button>
        )}
      </header>
      <Trouble error={found.error} />
      <Section title={<Trans>All campaigns</Trans>} icon="promotion" count={campaigns.length}>
        {found.isPending && <Waiting />}
        {found.isSuccess && campaigns.length === 0 && (
          <Empty>
            <Trans>There is no campaign yet. Make one: it calls nobody until you run it.</Trans>
          </Empty>
        )}
        <ul className={css.list}>
          {campaigns.map((one) => (
            <CampaignRow key={one.id} campaign={one} />
          ))}
        </ul>
      </Section>
    </div>
  );
}

function CampaignRow({ campaign }: { campaign: Campaign }) {
  const { i18n } = useLingui();
  const formats = useFormats();
  const { line } = useLiveStore();
  const queue = useQueueTitle(campaign.queue);
  return (
    <li>
      <Link to="/campaigns/$id" params={{ id: String(campaign.id) }}>
        {campaign.title}
      </Link>
      <span>{i18n._(CAMPAIGN_STATES[campaign.state])}</span>
      <span>{i18n._(MODE_TEXTS[campaign.mode])}</span>
      <span>{queue}</span>
      <time dateTime={campaign.state_at}>{formats.moment(campaign.state_at, line.now())}</time>
    </li>
  );
}
