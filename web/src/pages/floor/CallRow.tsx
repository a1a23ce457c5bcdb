import { Trans, useLingui } from "@lingui/react/macro";
import { memo } from "react";

import type { Call } from "@/live/floor";
import { partSince, waits } from "@/live/states";
import { useCalmLive, useOperatorName, useQueueTitle } from "@/live/useLive";
import { Mark } from "@/parts/Mark";
import { PhoneNumber } from "@/parts/PhoneNumber";
import { RunningTime } from "@/parts/RunningTime";
import { phone } from "@/texts/format";

import { CallMenu } from "./CallMenu";
import css from "./floor.module.css";

/** A call in a list: who, in which queue, with whom, for how long. */
export const CallRow = memo(function CallRow({ id }: { id: string }) {
  const { t } = useLingui();
  const call = useCalmLive(({ floor }) => floor.calls.get(id));
  const queue = useQueueTitle(call?.queue ?? "");
  const operator = useOperatorName(call?.operator ?? null);
  if (call === undefined) return null;
  const name = call.contact_name || call.caller_name;
  const state = markOf(call);
  return (
    <li className={css.row} data-state={state}>
      <Mark state={state} />
      <span className={css.who}>
        <b>{name || <PhoneNumber number={call.caller_number} />}</b>
        {name && (
          <small>
            <PhoneNumber number={call.caller_number} />
          </small>
        )}
      </span>
      <span className={css.about}>
        {queue}
        <small>{said(call, operator)}</small>
      </span>
      <RunningTime since={partSince(call)} />
      <CallMenu
        id={id}
        name={name || (call.caller_number ? phone(call.caller_number) : t`Number withheld`)}
        waits={waits(call)}
        queue={call.queue}
      />
    </li>
  );
});

function markOf(call: Call) {
  if (waits(call)) return call.state === "waiting" ? "waiting" : "ringing";
  if (call.state === "on_hold" || call.state === "parked") return call.state;
  return "talking";
}

function said(call: Call, operator: string) {
  const place = call.parked?.place ?? "";
  switch (call.state) {
    case "waiting":
      return <Trans>waits</Trans>;
    case "offered":
      return <Trans>offered to {operator}</Trans>;
    case "ringing":
      return <Trans>rings at {operator}</Trans>;
    case "on_hold":
      return <Trans>on hold: {operator}</Trans>;
    case "parked":
      return <Trans>parked at {place}</Trans>;
    case "leaving":
      return <Trans>leaving</Trans>;
    default:
      return operator || <Trans>outside number</Trans>;
  }
}
