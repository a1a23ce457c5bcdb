import { useClock } from "@/live/clock";
import { useFormats } from "@/texts/format";

import css from "./shell.module.css";

/** The time of day by the service's clock. */
export function TimeOfDay() {
  const formats = useFormats();
  const shown = useClock((now) => formats.time(now));
  return <time className={css.clock}>{shown}</time>;
}
