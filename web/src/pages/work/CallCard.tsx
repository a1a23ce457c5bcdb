import { Trans, useLingui } from "@lingui/react/macro";

import type { Call } from "@/live/floor";
import { useQueueTitle } from "@/live/useLive";
import { Mark } from "@/parts/Mark";
import { PhoneNumber } from "@/parts/PhoneNumber";
import { RunningTime } from "@/parts/RunningTime";
import { REASON_TEXTS } from "@/texts/states";

import type { Phase } from "./work";
import cardCss from "./card.module.css";
import css from "./work.module.css";

/** Who is calling, for which queue, why me, and how long it has been. */
export function CallCard({ call, phase }: { call: Call; phase: Phase }) {
  const { i18n } = useLingui();
  const queue = useQueueTitle(call.queue);
  const name = call.contact_name || call.caller_name;
  const state = phase === "idle" ? "wrap_up" : phase;
  return (
    <section className={cardCss.card} data-state={state} data-rings={phase === "ringing"} aria-labelledby="caller">
      <div>
        <p className={cardCss.kind}>
          <Mark state={state} size={16} /> {kind(call, phase)}
        </p>
        <h1 id="caller">{name || <PhoneNumber number={call.caller_number} />}</h1>
        {name && (
          <p className={cardCss.number}>
            <PhoneNumber number={call.caller_number} />
          </p>
        )}
      </div>
      <ul className={cardCss.tags}>
        <li>{queue}</li>
        {call.language && <li lang={call.language}>{call.language.toUpperCase()}</li>}
        {call.reason && <li>{i18n._(REASON_TEXTS[call.reason.rule])}</li>}
        {call.reason?.skills
          .filter((skill) => !skill.startsWith("lang:"))
          .map((skill) => (
            <li key={skill}>{skill}</li>
          ))}
      </ul>
      {call.columns.length > 0 && (
        <dl className={css.columns}>
          {call.columns.map((column) => (
            <div key={column.name}>
              <dt>{column.name}</dt>
              <dd>{column.value}</dd>
            </div>
          ))}
        </dl>
      )}
      {phase !== "wrap_up" && (
        <p className={cardCss.since}>
          <RunningTime
            since={phase === "ringing" ? call.waiting_since : (call.held_since ?? call.talking_since ?? call.arrived)}
          />
          <small>
            {phase === "ringing" ? (
              <Trans>waited</Trans>
            ) : phase === "on_hold" ? (
              <Trans>on hold</Trans>
            ) : (
              <Trans>in talk</Trans>
            )}
          </small>
        </p>
      )}
    </section>
  );
}

function kind(call: Call, phase: Phase) {
  switch (phase) {
    case "ringing":
      return call.campaign === null ? <Trans>Incoming call</Trans> : <Trans>Call of a campaign</Trans>;
    case "talking":
      return <Trans>Talking</Trans>;
    case "on_hold":
      return <Trans>Caller on hold</Trans>;
    default:
      return <Trans>The call is over</Trans>;
  }
}
