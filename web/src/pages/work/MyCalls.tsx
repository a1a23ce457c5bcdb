import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";

import { myCallsQuery } from "@/api/queries";
import { useClock } from "@/live/clock";
import { Empty } from "@/parts/Empty";
import { PhoneNumber } from "@/parts/PhoneNumber";
import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";
import { Waiting } from "@/parts/Waiting";
import { duration, useFormats } from "@/texts/format";
import { OUTCOME_TEXTS } from "@/texts/states";

import css from "./work.module.css";

const MINUTE_MS = 60_000;

/** My last calls. */
export function MyCalls({ operator }: { operator: number }) {
  const { i18n } = useLingui();
  const formats = useFormats();
  const minute = useClock((now) => Math.floor(now / MINUTE_MS));
  const calls = useQuery(myCallsQuery(operator));
  return (
    <Section title={<Trans>My last calls</Trans>} icon="clock">
      <Trouble error={calls.error} />
      {calls.isPending && <Waiting lines={4} />}
      {calls.data?.items.length === 0 && (
        <Empty>
          <Trans>You have taken no calls yet. They are listed here.</Trans>
        </Empty>
      )}
      <ul className={css.rows}>
        {calls.data?.items.map((call) => {
          const outcome = call.outcome === null ? undefined : OUTCOME_TEXTS[call.outcome];
          return (
            <li key={call.id} className={css.row}>
              <span className={css.who}>
                {(call.contact_name || call.caller_name) && <b>{call.contact_name || call.caller_name}</b>}
                <PhoneNumber number={call.direction === "operator" ? call.dialed : call.caller_number} />
              </span>
              <span className={css.about}>
                {outcome ? i18n._(outcome) : (call.outcome ?? "")}
                {call.talked_s > 0 && (
                  <>
                    {" "}
                    · <time>{duration(call.talked_s)}</time>
                  </>
                )}
              </span>
              <time dateTime={call.arrived_at}>{formats.moment(call.arrived_at, minute * MINUTE_MS)}</time>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
