import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";

import { callQuery } from "@/api/queries";
import { useClock } from "@/live/clock";
import { useQueueTitle } from "@/live/useLive";
import { PhoneNumber } from "@/parts/PhoneNumber";
import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";
import { Waiting } from "@/parts/Waiting";
import { duration, useFormats } from "@/texts/format";
import { OUTCOME_TEXTS } from "@/texts/states";

import { Close } from "./Close";
import css from "./look.module.css";
import { LookLink } from "./LookLink";

const MINUTE_MS = 60_000;

/** A call that was: who, when, how long, what became of it. */
export function CallLook({ id, close }: { id: string; close: () => void }) {
  const { i18n } = useLingui();
  const formats = useFormats();
  const now = useClock((at) => Math.floor(at / MINUTE_MS) * MINUTE_MS);
  const call = useQuery(callQuery(id));
  const found = call.data;
  const queue = useQueueTitle(found?.queue ?? "");
  const outcome = found?.outcome ? OUTCOME_TEXTS[found.outcome] : undefined;
  return (
    <Section title={<Trans>Call</Trans>} icon="phone" aside={<Close close={close} />}>
      <Trouble error={call.error} />
      {call.isPending && <Waiting lines={4} />}
      {found && (
        <div className={css.look}>
          <p>
            {found.contact === null ? (
              found.caller_name
            ) : (
              <LookLink look={{ kind: "contact", id: String(found.contact) }}>{found.contact_name}</LookLink>
            )}{" "}
            <PhoneNumber number={found.direction === "operator" ? found.dialed : found.caller_number} />
          </p>
          <p>
            {[queue, formats.moment(found.arrived_at, now), outcome && i18n._(outcome)].filter(Boolean).join(" · ")}
            {found.talked_s > 0 && ` · ${duration(found.talked_s)}`}
          </p>
        </div>
      )}
    </Section>
  );
}
