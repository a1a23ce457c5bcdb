import { useClock } from "@/live/clock";
import { duration } from "@/texts/format";

const SECOND_MS = 1000;

/** How long it takes until a moment, by the service's clock. */
export function TimeLeft({ until }: { until: string }) {
  const end = Date.parse(until);
  const shown = useClock((now) => duration(Math.ceil((end - now) / SECOND_MS)));
  return <time dateTime={until}>{shown}</time>;
}
