import { Trans } from "@lingui/react/macro";

import type { Call, Floor } from "@/live/floor";
import { waits } from "@/live/states";
import { sameList, useCalmLive } from "@/live/useLive";
import { Empty } from "@/parts/Empty";
import { Section } from "@/parts/Section";

import { CallRow } from "./CallRow";
import css from "./floor.module.css";

const MOST = 50; // rows

/** Who waits, the longest first, and who talks with whom. */
export function Calls({ queue }: { queue: string | undefined }) {
  const waiting = useCalmLive(({ floor }) => idsOf(floor, queue, waits), sameList);
  const talking = useCalmLive(({ floor }) => idsOf(floor, queue, (call) => !waits(call)), sameList);
  const moreWaiting = waiting.length - MOST;
  const moreTalking = talking.length - MOST;
  return (
    <div className={css.halves}>
      <Section title={<Trans>Waiting callers</Trans>} icon="clock" count={waiting.length}>
        {waiting.length === 0 && (
          <Empty>
            <Trans>No call is waiting.</Trans>
          </Empty>
        )}
        <ol className={css.rows}>
          {waiting.slice(0, MOST).map((id) => (
            <CallRow key={id} id={id} />
          ))}
        </ol>
        {moreWaiting > 0 && (
          <p className={css.more}>
            <Trans>and {moreWaiting} more</Trans>
          </p>
        )}
      </Section>
      <Section title={<Trans>Calls</Trans>} icon="phone" count={talking.length}>
        {talking.length === 0 && (
          <Empty>
            <Trans>Nobody is in a call.</Trans>
          </Empty>
        )}
        <ol className={css.rows}>
          {talking.slice(0, MOST).map((id) => (
            <CallRow key={id} id={id} />
          ))}
        </ol>
        {moreTalking > 0 && (
          <p className={css.more}>
            <Trans>and {moreTalking} more</Trans>
          </p>
        )}
      </Section>
    </div>
  );
}

function idsOf(floor: Floor, queue: string | undefined, fits: (call: Call) => boolean): string[] {
  return [...floor.calls.values()]
    .filter((call) => fits(call) && (queue === undefined || call.queue === queue))
    .sort((one, other) => (one.waiting_since < other.waiting_since ? -1 : 1))
    .map((call) => call.id);
}
