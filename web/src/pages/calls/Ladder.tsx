import { Trans, useLingui } from "@lingui/react/macro";

import { useOperatorName } from "@/live/useLive";
import { Section } from "@/parts/Section";
import { duration, useFormats } from "@/texts/format";

import css from "./calls.module.css";
import { lanesOf, type Lane, type Span, type WholeCall } from "./ladder";
import { CAUSE_TEXTS } from "./told";

const WHOLE = 100; // percent

/** The legs of a call below each other on one line of time. */
export function Ladder({ call, now }: { call: WholeCall; now: number }) {
  const formats = useFormats();
  const end = call.ended_at ?? new Date(now).toISOString();
  return (
    <Section title={<Trans>The call in time</Trans>} icon="wall">
      <ol className={css.ladder}>
        {lanesOf(call, now).map((lane, at) => (
          <LaneRow key={at} lane={lane} />
        ))}
      </ol>
      <p className={css.scale} aria-hidden>
        <time>{formats.time(call.arrived_at)}</time>
        <time>{formats.time(end)}</time>
      </p>
    </Section>
  );
}

function LaneRow({ lane }: { lane: Lane }) {
  const { i18n } = useLingui();
  const name = useOperatorName(lane.operator);
  const outcome = lane.outcome === null || lane.outcome === "accepted" ? undefined : CAUSE_TEXTS[lane.outcome];
  return (
    <li>
      <span>
        {lane.caller ? <Trans>Caller</Trans> : name || lane.endpoint || <Trans>outside number</Trans>}
        {outcome && <small>{i18n._(outcome)}</small>}
      </span>
      <span className={css.lane} aria-hidden>
        {lane.spans.map((one) => (
          <span
            key={`${one.kind} ${String(one.from)}`}
            data-state={one.kind}
            style={{ left: `${String(one.from * WHOLE)}%`, width: `${String((one.to - one.from) * WHOLE)}%` }}
          />
        ))}
      </span>
      <span className={css.parts}>
        {lane.spans.map((one) => (
          <span key={`${one.kind} ${String(one.from)}`} data-state={one.kind}>
            <SpanName kind={one.kind} /> <b data-figures>{duration(one.seconds)}</b>
          </span>
        ))}
      </span>
    </li>
  );
}

function SpanName({ kind }: { kind: Span["kind"] }) {
  switch (kind) {
    case "waiting":
      return <Trans>waits</Trans>;
    case "ringing":
      return <Trans>rings</Trans>;
    case "talking":
      return <Trans>talks</Trans>;
    case "on_hold":
      return <Trans>hold</Trans>;
  }
}
