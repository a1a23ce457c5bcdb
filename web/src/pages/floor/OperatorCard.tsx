import { Trans, useLingui } from "@lingui/react/macro";
import { memo } from "react";

import { useMay } from "@/api/session";
import { sinceOf, stateOf } from "@/live/states";
import { useCalmLive } from "@/live/useLive";
import { BreakTime } from "@/parts/BreakTime";
import { Mark } from "@/parts/Mark";
import { RunningTime } from "@/parts/RunningTime";
import { phone } from "@/texts/format";
import { breakText, STATE_TEXTS } from "@/texts/states";

import css from "./floor.module.css";
import { SteerMenu } from "./SteerMenu";

/** An operator: what they do, since when, with whom, and what comes after it. */
export const OperatorCard = memo(function OperatorCard({ id }: { id: number }) {
  const { i18n } = useLingui();
  const translate = i18n._.bind(i18n);
  const operator = useCalmLive(({ floor }) => floor.operators.get(id));
  const steers = useMay("operators.steer");
  if (operator === undefined) return null;
  const state = stateOf(operator);
  const since = sinceOf(operator);
  const reason =
    state === "on_break" && operator.break_reason ? `: ${breakText(operator.break_reason, translate)}` : "";
  const outside = operator.outgoing.map((one) => phone(one.number)).join(", ");
  const colleagues = operator.colleagues.map((one) => one.name).join(", ");
  const pending = operator.pending && i18n._(STATE_TEXTS[operator.pending === "available" ? "idle" : operator.pending]);
  const later =
    pending && operator.pending_reason ? `${pending}: ${breakText(operator.pending_reason, translate)}` : pending;
  return (
    <li className={css.operator} data-state={state}>
      <div>
        <b>{operator.name}</b>
        {since !== null && state !== "offline" && <RunningTime since={since} />}
      </div>
      <p>
        <Mark state={state} size={12} />
        {i18n._(STATE_TEXTS[state])}
        {reason}
      </p>
      {state === "on_break" && operator.break_until !== null && (
        <small>
          <BreakTime until={operator.break_until} />
        </small>
      )}
      {outside && (
        <small>
          <Trans>outside: {outside}</Trans>
        </small>
      )}
      {colleagues && (
        <small>
          <Trans>with a colleague: {colleagues}</Trans>
        </small>
      )}
      {operator.left.length > 0 && <NotIn queues={operator.left} />}
      {later && (
        <small>
          <Trans>then: {later}</Trans>
        </small>
      )}
      {steers && <SteerMenu id={id} name={operator.name} />}
    </li>
  );
});

function NotIn({ queues }: { queues: readonly string[] }) {
  const left = useCalmLive(({ floor }) => queues.map((id) => floor.queues.get(id)?.title ?? id).join(", "));
  return (
    <small>
      <Trans>not in: {left}</Trans>
    </small>
  );
}
