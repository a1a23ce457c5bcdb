import { Trans } from "@lingui/react/macro";

import type { ReactNode } from "react";

import type { Operator } from "@/live/floor";
import { stateOf } from "@/live/states";
import { BreakTime } from "@/parts/BreakTime";
import { Mark } from "@/parts/Mark";

import { Due } from "./Due";
import { LastResult } from "./LastResult";
import { MissedCalls } from "./MissedCalls";
import { MyCalls } from "./MyCalls";
import { MyDay } from "./MyDay";
import { MyQueues } from "./MyQueues";
import { Parked } from "./Parked";
import { Preview } from "./Preview";
import { Disposition } from "./Disposition";
import idleCss from "./idle.module.css";
import css from "./work.module.css";
import type { Phase } from "./work";
import { WrapUpBar } from "./WrapUpBar";

interface Props {
  me: Operator;
  phase: Phase;
  /** What is looked at meanwhile. */
  look: ReactNode;
}

/** Between calls: what comes next, whom I missed, what my queues are like, my last calls. */
export function IdleDesk({ me, phase, look }: Props) {
  const state = stateOf(me);
  return (
    <>
      {phase === "wrap_up" && <WrapUpBar me={me} />}
      {me.preview !== null && <Preview preview={me.preview} />}
      {me.talked !== null && (phase === "wrap_up" || !me.talked.disposed) && me.presence !== "offline" && (
        <Disposition
          key={me.talked.attempt}
          attempt={me.talked.attempt}
          campaign={me.talked.campaign}
          required={me.talked.required}
          mine={me.id}
        />
      )}
      {phase === "idle" && me.talked?.disposed && me.presence !== "offline" && (
        <LastResult key={me.talked.attempt} attempt={me.talked.attempt} campaign={me.talked.campaign} mine={me.id} />
      )}
      <div className={idleCss.idle}>
        <div className={css.column}>
          {me.preview === null && phase === "idle" && (
            <section className={idleCss.calm} data-state={state}>
              <Mark state={state} size={40} />
              <h1>{calm(state)}</h1>
              <p>{hint(state)}</p>
              {state === "on_break" && me.break_until !== null && (
                <p>
                  <BreakTime until={me.break_until} />
                </p>
              )}
            </section>
          )}
          <MissedCalls missed={me.missed} />
          <Parked />
          <MyQueues />
        </div>
        <div className={css.column}>
          {look}
          <Due operator={me.id} />
          <MyDay me={me} />
          <MyCalls operator={me.id} />
        </div>
      </div>
    </>
  );
}

function calm(state: ReturnType<typeof stateOf>) {
  switch (state) {
    case "idle":
      return <Trans>Waiting for a call</Trans>;
    case "on_break":
      return <Trans>You are on a break</Trans>;
    case "offline":
      return <Trans>You are not at work yet</Trans>;
    case "no_phone":
      return <Trans>Your phone is not connected</Trans>;
    case "calling_out":
      return <Trans>You are calling outside</Trans>;
    default:
      return <Trans>You are busy</Trans>;
  }
}

function hint(state: ReturnType<typeof stateOf>) {
  switch (state) {
    case "idle":
      return <Trans>The next caller shows here the moment your phone rings.</Trans>;
    case "on_break":
      return <Trans>No calls come to you. Press Available when you are back.</Trans>;
    case "offline":
      return <Trans>Press Available to take calls.</Trans>;
    case "no_phone":
      return <Trans>Start your phone: no calls come to you until the PBX can reach it.</Trans>;
    default:
      return <Trans>No calls come to you meanwhile.</Trans>;
  }
}
