import { Trans, useLingui } from "@lingui/react/macro";

import { useLive } from "@/live/useLive";
import { Icon } from "@/parts/Icon";
import parts from "@/parts/parts.module.css";
import { REFUSAL_TEXTS } from "@/texts/states";

/** Why the last number that the phone dialled is not called. */
export function OutgoingRefused() {
  const { i18n } = useLingui();
  const refused = useLive(({ floor }) => floor.refused);
  const text = refused === null ? undefined : REFUSAL_TEXTS[refused.rule];
  const why = text ? i18n._(text) : (refused?.rule ?? "");
  return (
    <div role="alert" className={parts.trouble} hidden={refused === null}>
      <Icon name="phone" size={16} />
      {refused?.transferred ? (
        <Trans>The customer was not transferred, and is back in the queue: {why}.</Trans>
      ) : (
        <Trans>The number is not called: {why}.</Trans>
      )}
    </div>
  );
}
