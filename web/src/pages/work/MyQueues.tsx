import { Trans } from "@lingui/react/macro";

import { sameList, useLive, useMyself } from "@/live/useLive";
import { stateOf } from "@/live/states";
import { Empty } from "@/parts/Empty";
import { RunningTime } from "@/parts/RunningTime";
import { Section } from "@/parts/Section";
import { useFormats } from "@/texts/format";

import idleCss from "./idle.module.css";
import css from "./work.module.css";

/** The queues that I serve, with who waits in them. */
export function MyQueues() {
  const formats = useFormats();
  const me = useMyself();
  const idleMyself = me !== undefined && stateOf(me) === "idle" ? 1 : 0;
  const queues = useLive(({ floor }) => {
    const mine = floor.own === null ? [] : (floor.operators.get(floor.own)?.queues ?? []);
    return mine
      .flatMap((id) => floor.queues.get(id) ?? [])
      .sort((one, other) => formats.compare(one.title, other.title));
  }, sameList);
  return (
    <Section title={<Trans>My queues</Trans>} icon="headset">
      {queues.length === 0 && (
        <Empty>
          <Trans>You are in no queue. An administrator puts operators into queues.</Trans>
        </Empty>
      )}
      <ul className={css.rows}>
        {queues.map((queue) => (
          <li key={queue.id} className={idleCss.queue}>
            <b>{queue.title}</b>
            <span>
              <Trans>waiting</Trans> <b data-figures>{queue.waiting}</b>
            </span>
            <span>
              <Trans>longest</Trans>{" "}
              {queue.longest_wait_since ? <RunningTime since={queue.longest_wait_since} /> : <span>–</span>}
            </span>
            <span>
              <Trans>idle colleagues</Trans> <b data-figures>{Math.max(0, queue.idle - idleMyself)}</b>
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
