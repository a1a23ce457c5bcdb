import { Trans } from "@lingui/react/macro";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";

import type { components } from "@/api/contract";
import { useLiveStore, useQueueTitle } from "@/live/useLive";
import { Empty } from "@/parts/Empty";
import { Section } from "@/parts/Section";
import { ShowMore } from "@/parts/ShowMore";
import { Trouble } from "@/parts/Trouble";
import { Waiting } from "@/parts/Waiting";
import { duration, phone, useFormats } from "@/texts/format";
import { OUTCOME_TEXTS } from "@/texts/states";
import { useLingui } from "@lingui/react/macro";

import { callsAsked } from "./asking";
import { CallFilters } from "./CallFilters";
import css from "./calls.module.css";
import { callsQuery } from "./queries";
import { SavedSearches } from "./SavedSearches";

type Call = components["schemas"]["CallOut"];

const route = getRouteApi("/calls");

/** Calls on record, the newest first. */
export function CallsPage() {
  const search = route.useSearch();
  const found = useInfiniteQuery(callsQuery(callsAsked(search)));
  const { line } = useLiveStore();
  const calls = found.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className={css.calls}>
      <h1 className={css.head}>
        <Trans>Calls</Trans>
      </h1>
      <CallFilters search={search} />
      <SavedSearches search={search} />
      <Trouble error={found.error} />
      <Section title={<Trans>Found</Trans>} icon="phone">
        {found.isPending && <Waiting lines={6} />}
        {found.isSuccess && calls.length === 0 && (
          <Empty>
            <Trans>No call is like that. Ask for other days, or for less.</Trans>
          </Empty>
        )}
        <ol className={css.found}>
          {calls.map((call) => (
            <CallLine key={call.id} call={call} now={line.now()} />
          ))}
        </ol>
        <ShowMore found={found} />
      </Section>
    </div>
  );
}

function CallLine({ call, now }: { call: Call; now: number }) {
  const { i18n } = useLingui();
  const formats = useFormats();
  const queue = useQueueTitle(call.queue);
  const outcome = call.outcome === null ? undefined : OUTCOME_TEXTS[call.outcome];
  return (
    <li>
      <time dateTime={call.arrived_at}>{formats.moment(call.arrived_at, now)}</time>
      <Link to="/calls/$id" params={{ id: call.id }}>
        {call.contact_name || call.caller_name || phone(call.caller_number) || <Trans>Number withheld</Trans>}
      </Link>
      <span>{call.queue && queue}</span>
      <span>{call.operator_name}</span>
      <span>{call.outcome === null ? <Trans>under way</Trans> : outcome ? i18n._(outcome) : call.outcome}</span>
      <span data-figures>{duration(call.talked_s || call.waited_s)}</span>
    </li>
  );
}
