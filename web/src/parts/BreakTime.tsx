import { Trans } from "@lingui/react/macro";

import { useClock } from "@/live/clock";

import { RunningTime } from "./RunningTime";
import { TimeLeft } from "./TimeLeft";

/** What is left of a break that is meant to end then, or by how much it is over. */
export function BreakTime({ until }: { until: string }) {
  const end = Date.parse(until);
  const over = useClock((now) => now > end);
  if (over) {
    return (
      <span>
        <Trans>longer than meant by</Trans> <RunningTime since={until} />
      </span>
    );
  }
  return (
    <span>
      <Trans>time left</Trans> <TimeLeft until={until} />
    </span>
  );
}
