import { Trans, useLingui } from "@lingui/react/macro";
import { useInfiniteQuery } from "@tanstack/react-query";

import { useLiveStore, useOperatorName } from "@/live/useLive";
import { Section } from "@/parts/Section";
import { ShowMore } from "@/parts/ShowMore";
import { Trouble } from "@/parts/Trouble";
import { useFormats } from "@/texts/format";

import css from "./campaigns.module.css";
import { changesQuery, type CampaignChange } from "./queries";
import { CAMPAIGN_STATES, CHANGES, REASONS } from "./words";

/** Who did what to the campaign, the newest first. */
export function Changes({ id }: { id: number }) {
  const found = useInfiniteQuery(changesQuery(id));
  const changes = found.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Section title={<Trans>What was done</Trans>} icon="note">
      <Trouble error={found.error} />
      <ul className={css.rows}>
        {changes.map((one) => (
          <Change key={one.id} change={one} />
        ))}
      </ul>
      <ShowMore found={found} />
    </Section>
  );
}

function Change({ change }: { change: CampaignChange }) {
  const { i18n } = useLingui();
  const formats = useFormats();
  const { line } = useLiveStore();
  const name = useOperatorName(change.user);
  const number = String(change.user);
  const what = CHANGES[change.what];
  const to = CAMPAIGN_STATES[String(change.detail.to) as keyof typeof CAMPAIGN_STATES] as
    (typeof CAMPAIGN_STATES)["draft"] | undefined;
  const reason = typeof change.detail.reason === "string" ? change.detail.reason : "";
  const known = REASONS[reason];
  return (
    <li>
      <span>
        <time dateTime={change.at}>{formats.moment(change.at, line.now())}</time>{" "}
        <b>{change.what === "state" && to ? i18n._(to) : what ? i18n._(what) : change.what}</b>
        {reason && ` (${known ? i18n._(known) : reason})`}
      </span>
      <span>{change.user === null ? <Trans>by itself</Trans> : name || <Trans>user {number}</Trans>}</span>
    </li>
  );
}
