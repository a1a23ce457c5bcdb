import { Trans, useLingui } from "@lingui/react/macro";
import { TextInput } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";

import { Empty } from "@/parts/Empty";
import { Icon } from "@/parts/Icon";
import { Section } from "@/parts/Section";
import { ShowMore } from "@/parts/ShowMore";
import { Trouble } from "@/parts/Trouble";
import { Waiting } from "@/parts/Waiting";
import { RULE_TEXTS } from "@/texts/campaigns";
import { useFormats } from "@/texts/format";

import css from "./campaigns.module.css";
import { LeadRow } from "./LeadRow";
import { leadsQuery, type Campaign } from "./queries";
import type { LeadSearch } from "./search";
import { LEAD_STATES } from "./words";

interface Props {
  campaign: Campaign;
  search: LeadSearch;
}

/** How many leads are in which state; those in one state, those that one rule stops, or those with a number. */
export function Leads({ campaign, search }: Props) {
  const { i18n, t } = useLingui();
  const formats = useFormats();
  const navigate = useNavigate();
  const id = String(campaign.id);
  const found = useInfiniteQuery(leadsQuery(campaign.id, search));
  const leads = found.data?.pages.flatMap((page) => page.items) ?? [];
  const rule = search.rule && RULE_TEXTS[search.rule];
  const filtered = search.rule !== undefined || search.state !== undefined || search.number !== undefined;
  const ask = (asked: LeadSearch) =>
    void navigate({ to: "/campaigns/$id", params: { id }, search: asked, resetScroll: false });
  return (
    <Section title={<Trans>Leads</Trans>} icon="user" className={css.anchor}>
      <div id="leads" className={css.filters}>
        <ul className={css.states}>
          {Object.entries(LEAD_STATES).map(([state, text]) => (
            <li key={state}>
              <Link
                to="/campaigns/$id"
                params={{ id }}
                search={{ state: state as keyof typeof LEAD_STATES }}
                aria-current={search.state === state ? "true" : undefined}
                resetScroll={false}
              >
                {i18n._(text)}{" "}
                <b data-figures>{formats.number(campaign.leads?.[state as keyof typeof LEAD_STATES] ?? 0)}</b>
              </Link>
            </li>
          ))}
        </ul>
        <TextInput
          type="search"
          size="xs"
          aria-label={t`Leads with the number`}
          placeholder={t`Number`}
          leftSection={<Icon name="search" size={14} />}
          defaultValue={search.number ?? ""}
          key={search.number}
          onKeyDown={(event) => {
            if (event.key === "Enter") ask({ number: event.currentTarget.value || undefined });
          }}
        />
        {filtered && (
          <Link to="/campaigns/$id" params={{ id }} search={{}} resetScroll={false}>
            <Trans>All leads</Trans>
          </Link>
        )}
      </div>
      {search.rule !== undefined && (
        <p className={css.quiet}>
          <Trans>Not called now</Trans>: <b>{rule ? i18n._(rule) : search.rule}</b>
        </p>
      )}
      <Trouble error={found.error} />
      {found.isPending && <Waiting />}
      {found.isSuccess && leads.length === 0 && (
        <Empty>
          {filtered ? <Trans>Nobody is like that.</Trans> : <Trans>There are no leads yet. Drop a file above.</Trans>}
        </Empty>
      )}
      <ol className={css.people}>
        {leads.map((lead) => (
          <LeadRow key={lead.id} lead={lead} />
        ))}
      </ol>
      <ShowMore found={found} />
    </Section>
  );
}
