import { useLingui } from "@lingui/react/macro";

import type { PartOfDay } from "./queries";
import css from "./reports.module.css";

const WIDTH = 1000;
const HEIGHT = 220;
const LABELS_MOST = 12;

/** A bar for each half hour, with its bounds. A picture for the eye alone: the table below says the same. */
export function NeedsChart({ parts }: { parts: readonly PartOfDay[] }) {
  const { t } = useLingui();
  const highest = Math.max(1, ...parts.map((part) => part.operators_high));
  const step = WIDTH / parts.length;
  const every = Math.ceil(parts.length / LABELS_MOST);
  const y = (operators: number) => HEIGHT - (operators / highest) * HEIGHT;
  return (
    <figure className={css.picture}>
      <svg viewBox={`0 0 ${String(WIDTH)} ${String(HEIGHT)}`} preserveAspectRatio="none" aria-hidden>
        {parts.map((part, at) => {
          const begins = timeOf(part);
          const operators = String(part.operators);
          const [least, most] = [part.operators_low, part.operators_high];
          return (
            <g key={part.begins}>
              <rect
                data-part={0}
                x={at * step + step * 0.12}
                width={step * 0.76}
                y={y(part.operators)}
                height={HEIGHT - y(part.operators)}
              >
                <title>{t`${begins}: ${operators} operators`}</title>
              </rect>
              <rect
                className={css.bounds}
                x={at * step + step * 0.44}
                width={step * 0.12}
                y={y(most)}
                height={y(least) - y(most)}
              />
            </g>
          );
        })}
      </svg>
      <div className={css.axis} aria-hidden style={{ gridTemplateColumns: `repeat(${String(parts.length)}, 1fr)` }}>
        {parts.map((part, at) =>
          at % every === 0 ? (
            <span
              key={part.begins}
              style={{ gridColumn: `${String(at + 1)} / span ${String(Math.min(every, parts.length - at))}` }}
            >
              {timeOf(part)}
            </span>
          ) : null,
        )}
      </div>
    </figure>
  );
}

/** When a half hour begins, as a clock has it: the service tells `09:30:00`. */
export function timeOf(part: PartOfDay): string {
  return part.begins.slice(0, 5);
}
