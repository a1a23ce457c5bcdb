import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { useLimits } from "@/api/pageSettings";
import { useMay } from "@/api/session";
import { useClock } from "@/live/clock";
import { useLiveStore, useQueueTitle } from "@/live/useLive";
import { Icon } from "@/parts/Icon";
import parts from "@/parts/parts.module.css";

import { lastQuery } from "./day";
import css from "./floor.module.css";
import { passedBy, type Passed } from "./passed";

/** The limits that are passed now, as `queue passed` each on a line; a text, so that a clock may watch it. */
export function usePassed(): string {
  const store = useLiveStore();
  const reads = useMay("reports.read");
  const { limits } = useLimits();
  const last = useQuery({ ...lastQuery(() => store.line.now()), enabled: reads }).data;
  return useClock((now) =>
    [...store.read().floor.queues.values()]
      .flatMap((queue) =>
        passedBy(queue, limits[queue.id], last?.get(queue.id)?.figures.service_level ?? null, now).map(
          (passed) => `${queue.id} ${passed}`,
        ),
      )
      .join("\n"),
  );
}

/** Says which limits are passed until somebody has seen it; once the limit is kept again, it may be passed anew. */
export function PassedLimits() {
  const passed = usePassed();
  const [seen, setSeen] = useState<ReadonlySet<string>>(new Set());
  const all = passed ? passed.split("\n") : [];
  const kept = all.filter((one) => seen.has(one));
  if (kept.length < seen.size) setSeen(new Set(kept));
  const shown = all.filter((one) => !seen.has(one));
  return (
    <div role="alert">
      <ul className={css.alarms}>
        {shown.map((one) => {
          const [queue = "", what = ""] = one.split(" ");
          return (
            <li key={one} className={parts.trouble}>
              <Icon name="complaint" size={16} />
              <span>
                <Said queue={queue} passed={what as Passed} />
              </span>
              <Button
                size="compact-xs"
                variant="default"
                onClick={() => {
                  setSeen(new Set([...kept, one]));
                }}
              >
                <Trans>Seen</Trans>
              </Button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function Said({ queue, passed }: { queue: string; passed: Passed }) {
  const title = useQueueTitle(queue);
  switch (passed) {
    case "waiting":
      return <Trans>{title}: more callers wait than your limit.</Trans>;
    case "wait":
      return <Trans>{title}: a caller waits longer than the limit.</Trans>;
    case "level":
      return <Trans>{title}: the service level of 30 minutes is below your limit.</Trans>;
  }
}
