import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { callQuery } from "@/api/queries";
import { useMay } from "@/api/session";
import { useLiveStore, useQueueTitle } from "@/live/useLive";
import { Disposition } from "@/pages/work/Disposition";
import { PhoneNumber } from "@/parts/PhoneNumber";
import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";
import { Waiting } from "@/parts/Waiting";
import { duration, useFormats } from "@/texts/format";
import { OUTCOME_TEXTS } from "@/texts/states";

import css from "./calls.module.css";
import { Entered } from "./Entered";
import { Ladder } from "./Ladder";
import type { WholeCall } from "./ladder";
import { Timeline } from "./Timeline";
import { CAUSE_TEXTS, DIRECTION_TEXTS } from "./told";

const route = getRouteApi("/calls/$id");

/** One call: who and when, its legs on a line of time, what happened and why, and all that was entered. */
export function CallPage() {
  const { id } = route.useParams();
  const found = useQuery(callQuery(id));
  const { line } = useLiveStore();
  return (
    <div className={css.calls}>
      <p>
        <Link to="/calls">
          <Trans>All calls</Trans>
        </Link>
      </p>
      <Trouble error={found.error} />
      {found.isPending && <Waiting lines={6} />}
      {found.data && <Call call={found.data} now={line.now()} />}
    </div>
  );
}

function Call({ call, now }: { call: WholeCall; now: number }) {
  const { i18n } = useLingui();
  const formats = useFormats();
  const orders = useMay("orders.read");
  const disposes = useMay("attempts.dispose_all");
  const queue = useQueueTitle(call.queue);
  const outcome = call.outcome === null ? undefined : OUTCOME_TEXTS[call.outcome];
  const ended = call.ended_by === null ? undefined : CAUSE_TEXTS[call.ended_by];
  return (
    <>
      <h1 className={css.head}>
        {call.contact_name || call.caller_name || <PhoneNumber number={call.caller_number} />}
        <small>{formats.moment(call.arrived_at, now)}</small>
      </h1>
      <dl className={css.facts}>
        <Fact name={<Trans>Number</Trans>}>
          <PhoneNumber number={call.caller_number} />
        </Fact>
        <Fact name={<Trans>Kind</Trans>}>{i18n._(DIRECTION_TEXTS[call.direction])}</Fact>
        <Fact name={<Trans>Queue</Trans>}>{call.queue ? queue : "–"}</Fact>
        <Fact name={<Trans>Operator</Trans>}>{call.operator_name || "–"}</Fact>
        <Fact name={<Trans>Outcome</Trans>}>
          {call.outcome === null ? <Trans>under way</Trans> : outcome ? i18n._(outcome) : call.outcome}
          {ended && `, ${i18n._(ended)}`}
        </Fact>
        <Fact name={<Trans>Waited</Trans>}>{duration(call.waited_s)}</Fact>
        <Fact name={<Trans>Talked</Trans>}>{duration(call.talked_s)}</Fact>
        <Fact name={<Trans>On hold</Trans>}>{duration(call.held_s)}</Fact>
      </dl>
      {disposes && call.campaign !== null && call.direction === "outbound" && call.operator !== null && (
        <Disposition
          attempt={call.id}
          campaign={call.campaign}
          required={false}
          mine={call.operator}
          name={call.operator_name}
        />
      )}
      <Ladder call={call} now={now} />
      <div className={css.halves}>
        <Section title={<Trans>What happened</Trans>} icon="clock" count={call.timeline.length}>
          <Timeline events={call.timeline} />
        </Section>
        {orders && <Entered call={call} />}
      </div>
    </>
  );
}

function Fact({ name, children }: { name: ReactNode; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd data-figures>{children}</dd>
    </div>
  );
}
