import { Trans } from "@lingui/react/macro";

import type { Call } from "@/live/floor";
import { sameList, useLive, useQueueTitle } from "@/live/useLive";
import { Empty } from "@/parts/Empty";
import { RunningTime } from "@/parts/RunningTime";
import { Section } from "@/parts/Section";
import { phone } from "@/texts/format";

import css from "./work.module.css";

/** Callers whom a colleague or I have parked: whoever dials the place takes them off. */
export function Parked() {
  const calls = useLive(({ floor }) => [...floor.calls.values()].filter((call) => call.parked !== null), sameList);
  const full = useLive(({ floor }) => floor.parkingFull);
  if (calls.length === 0 && !full) return null;
  return (
    <Section title={<Trans>Parked callers</Trans>} icon="pause" count={calls.length}>
      <ParkingFull />
      <ul className={css.rows}>
        {calls.map((call) => (
          <ParkedCall key={call.id} call={call} />
        ))}
      </ul>
    </Section>
  );
}

/** Says that nobody can be parked, while it is so. */
export function ParkingFull() {
  const full = useLive(({ floor }) => floor.parkingFull);
  return full ? (
    <Empty>
      <Trans>All parking places are taken: a caller cannot be parked now, the talk goes on.</Trans>
    </Empty>
  ) : null;
}

function ParkedCall({ call }: { call: Call }) {
  const queue = useQueueTitle(call.queue);
  if (call.parked === null) return null;
  const { place, since, operator_name: by } = call.parked;
  return (
    <li className={css.row} data-state="parked">
      <span className={css.who}>
        <b>{call.contact_name || call.caller_name || phone(call.caller_number)}</b>
        {by && <Trans>parked by {by}</Trans>}
      </span>
      <span className={css.about}>{queue}</span>
      <RunningTime since={since} />
      <a href={`tel:${place}`}>
        <Trans>Dial {place}</Trans>
      </a>
    </li>
  );
}
