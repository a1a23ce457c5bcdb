import { Trans, useLingui } from "@lingui/react/macro";

import type { components } from "@/api/contract";
import { useOperatorName, useQueueTitle } from "@/live/useLive";
import { duration, useFormats } from "@/texts/format";

import css from "./calls.module.css";
import { CAUSE_TEXTS, EVENT_TEXTS, ruleText } from "./told";

type Event = components["schemas"]["TimelineEvent"];

interface Reason {
  rule: string;
  level: number;
  idle_s: number;
  waited_s: number;
  idle_operators: number;
  waiting_calls: number;
}

/** What happened in a call, the first first; each offer with the reason why this operator was asked. */
export function Timeline({ events }: { events: readonly Event[] }) {
  return (
    <ol className={css.timeline}>
      {events.map((event, at) => (
        <EventRow key={at} event={event} />
      ))}
    </ol>
  );
}

function EventRow({ event }: { event: Event }) {
  const { i18n } = useLingui();
  const formats = useFormats();
  const operator = useOperatorName(event.operator);
  const data = event.data;
  const queue = useQueueTitle(typeof data.queue === "string" ? data.queue : "");
  const kind = EVENT_TEXTS[event.kind];
  const cause = CAUSE_TEXTS[event.cause];
  const outcome = typeof data.outcome === "string" ? CAUSE_TEXTS[data.outcome] : undefined;
  const about = [
    queue,
    operator,
    cause ? i18n._(cause) : "",
    outcome && event.kind === "OfferEnded" ? i18n._(outcome) : "",
    typeof data.target === "string" ? data.target : "",
  ].filter(Boolean);
  return (
    <li>
      <time dateTime={event.at}>{formats.clock(event.at)}</time>
      <div>
        <b>{kind ? i18n._(kind) : event.kind}</b> {about.join(" · ")}
        {event.kind === "OfferMade" && isReason(data.reason) && <Why reason={data.reason} operator={operator} />}
      </div>
    </li>
  );
}

function Why({ reason, operator }: { reason: Reason; operator: string }) {
  const { i18n, t } = useLingui();
  const rule = ruleText(reason.rule, operator || t`An operator`);
  const level = String(reason.level);
  const idle = duration(reason.idle_s);
  const waited = duration(reason.waited_s);
  const operators = String(reason.idle_operators);
  const calls = String(reason.waiting_calls);
  return (
    <small>
      {rule ? i18n._(rule) : reason.rule}{" "}
      <Trans>
        (level {level}, idle {idle}, the call had waited {waited}; {operators} idle, {calls} waiting)
      </Trans>
    </small>
  );
}

function isReason(value: unknown): value is Reason {
  return typeof value === "object" && value !== null && "rule" in value && "waited_s" in value;
}
