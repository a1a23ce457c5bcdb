import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { useClock } from "@/live/clock";
import { useCalmLive } from "@/live/useLive";
import { Mark } from "@/parts/Mark";
import { RunningTime } from "@/parts/RunningTime";

import css from "./floor.module.css";
import { waitLevel } from "./limits";
import { QueueDay } from "./QueueDay";
import { QueuePause } from "./QueuePause";

/** A queue: who waits, for how long against its target, and who is there to answer. */
export function QueueTile({ id, chosen }: { id: string; chosen: boolean }) {
  const queue = useCalmLive(({ floor }) => floor.queues.get(id));
  const level = useClock((now) => waitLevel(queue, now));
  if (queue === undefined) return null;
  const target = String(queue.target_s);
  return (
    <article className={css.tile} data-level={level} data-chosen={chosen || undefined} aria-label={queue.title}>
      <h3>
        <Link to="/floor" search={chosen ? {} : { queue: id }} aria-current={chosen || undefined}>
          {queue.title}
        </Link>
      </h3>
      <div className={css.figures}>
        <p>
          <b data-figures>{queue.waiting}</b>
          <small>
            <Trans>waiting</Trans>
          </small>
        </p>
        <p>
          <b>{queue.longest_wait_since ? <RunningTime since={queue.longest_wait_since} /> : "–"}</b>
          <small>
            {queue.target_s <= 0 && <Trans>longest</Trans>}
            {queue.target_s > 0 && level === "over" && <Trans>longest, over {target} s</Trans>}
            {queue.target_s > 0 && level !== "over" && <Trans>longest, target {target} s</Trans>}
          </small>
        </p>
      </div>
      <ul className={css.counts}>
        <Count state="idle" value={queue.idle} name={<Trans>idle</Trans>} />
        <Count state="talking" value={queue.talking} name={<Trans>talking</Trans>} />
        <Count state="wrap_up" value={queue.wrap_up} name={<Trans>wrap-up</Trans>} />
        <Count state="on_break" value={queue.on_break} name={<Trans>on break</Trans>} />
      </ul>
      {queue.members === 0 && (
        <p className={css.nobody} data-waits={queue.waiting > 0 || undefined}>
          <Trans>Nobody is there.</Trans>
        </p>
      )}
      <QueuePause id={id} title={queue.title} />
      <QueueDay id={id} title={queue.title} />
    </article>
  );
}

function Count({
  state,
  value,
  name,
}: {
  state: "idle" | "talking" | "wrap_up" | "on_break";
  value: number;
  name: ReactNode;
}) {
  return (
    <li data-none={value === 0}>
      <Mark state={state} size={11} />
      <b data-figures>{value}</b>
      {name}
    </li>
  );
}
