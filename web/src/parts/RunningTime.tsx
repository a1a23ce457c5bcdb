import { useLayoutEffect, useRef } from "react";

import { run } from "@/live/running";
import { useLiveStore } from "@/live/useLive";
import { duration } from "@/texts/format";

/** How long something has been going on, by the service's clock. */
export function RunningTime({ since }: { since: string }) {
  const { line } = useLiveStore();
  const shown = useRef<HTMLTimeElement>(null);
  useLayoutEffect(
    () =>
      run(
        Date.parse(since),
        () => line.now(),
        (seconds) => {
          const text = shown.current?.firstChild; // changed in place: a new one would be laid out anew
          if (text instanceof Text) text.data = duration(seconds);
        },
      ),
    [since, line],
  );
  return (
    <time ref={shown} dateTime={since}>
      {"–"}
    </time>
  );
}
