import { Trans, useLingui } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";

import { answer, api } from "@/api/client";
import { useMay } from "@/api/session";
import { useLiveStore } from "@/live/useLive";
import { HeldButton } from "@/parts/HeldButton";
import { PhoneNumber } from "@/parts/PhoneNumber";
import { RULE_TEXTS } from "@/texts/campaigns";
import { useFormats } from "@/texts/format";
import { ATTEMPT_TEXTS, OUTCOME_TEXTS } from "@/texts/states";

import css from "./campaigns.module.css";
import type { Lead } from "./queries";
import { LEAD_STATES } from "./words";

/** One lead: who, how far, what came of the last attempt, what stops it and until when. */
export function LeadRow({ lead }: { lead: Lead }) {
  const { i18n } = useLingui();
  const formats = useFormats();
  const { line } = useLiveStore();
  const writes = useMay("leads.write");
  const client = useQueryClient();
  const remove = async () => {
    await answer(api.DELETE("/api/v1/leads/{id}", { params: { path: { id: lead.id } } }));
    await client.invalidateQueries({ queryKey: ["campaign", lead.campaign] });
  };
  const name = [lead.surname, lead.given_name, lead.patronymic].filter(Boolean).join(" ") || lead.company_name;
  const rule = lead.stopped_by === null ? undefined : RULE_TEXTS[lead.stopped_by];
  const outcome =
    lead.last_outcome === null ? undefined : (OUTCOME_TEXTS[lead.last_outcome] ?? ATTEMPT_TEXTS[lead.last_outcome]);
  const next = lead.next_at === null ? "" : formats.moment(lead.next_at, line.now());
  const attempts = formats.number(lead.attempts);
  return (
    <li>
      <b>{name || `#${String(lead.id)}`}</b>
      <span>
        {lead.numbers.map((one) => (
          <span key={one.number}>
            <PhoneNumber number={one.number} />{" "}
          </span>
        ))}
      </span>
      <span>
        {i18n._(LEAD_STATES[lead.state])}
        {lead.attempts > 0 && (
          <>
            , <Trans>attempts: {attempts}</Trans>
          </>
        )}
        {outcome && `, ${i18n._(outcome)}`}
      </span>
      <span>
        {rule && i18n._(rule)} {rule && (next ? <Trans>from {next}</Trans> : <Trans>stays so</Trans>)}
      </span>
      <span className={css.acts}>
        {writes && lead.state !== "done" && (
          <HeldButton
            id={`lead ${String(lead.id)}`}
            size="compact-xs"
            text={<Trans>Take out</Trans>}
            held={<Trans>It is taken out.</Trans>}
            act={remove}
          />
        )}
      </span>
    </li>
  );
}
