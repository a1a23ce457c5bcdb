import { useLingui } from "@lingui/react/macro";

import { useFormats } from "@/texts/format";
import { FIGURE_TEXTS } from "@/texts/figures";

import css from "./reports.module.css";
import { said, valueOf, type Line } from "./shown";

const WIDTH = 1000;
const HEIGHT = 220;
const LABELS_MOST = 12;
const PLACES_LEAST = 6; // so that a bar that stands alone is no wall

interface Props {
  lines: readonly Line[];
  figures: readonly string[];
  titleOf: (line: Line) => string;
}

/**
 * A bar for each line, its parts on each other. A picture for the eye alone: the table below says the same, and every
 * number of it can be opened.
 */
export function Bars({ lines, figures, titleOf }: Props) {
  const { i18n } = useLingui();
  const formats = useFormats();
  const heights = lines.map((line) => figures.reduce((sum, figure) => sum + valueOf(line, figure), 0));
  const highest = Math.max(1, ...heights);
  const places = Math.max(PLACES_LEAST, lines.length);
  const step = WIDTH / places;
  const every = Math.ceil(lines.length / LABELS_MOST);
  const drawn = figures.filter((figure) => lines.some((line) => valueOf(line, figure) > 0));
  return (
    <figure className={css.picture}>
      <svg viewBox={`0 0 ${String(WIDTH)} ${String(HEIGHT)}`} preserveAspectRatio="none" aria-hidden>
        {lines.map((line, at) => {
          let below = 0;
          return drawn.map((figure) => {
            const height = (valueOf(line, figure) / highest) * HEIGHT;
            below += height;
            return (
              <rect
                key={`${line.key} ${figure}`}
                data-part={figures.indexOf(figure)}
                x={at * step + step * 0.12}
                width={step * 0.76}
                y={HEIGHT - below}
                height={height}
              >
                <title>{`${titleOf(line)}: ${named(i18n._.bind(i18n), figure)} ${said(line, figure, formats)}`}</title>
              </rect>
            );
          });
        })}
      </svg>
      <div className={css.axis} aria-hidden style={{ gridTemplateColumns: `repeat(${String(places)}, 1fr)` }}>
        {lines.map((line, at) =>
          at % every === 0 ? (
            <span
              key={line.key}
              style={{ gridColumn: `${String(at + 1)} / span ${String(Math.min(every, places - at))}` }}
            >
              {titleOf(line)}
            </span>
          ) : null,
        )}
      </div>
      <figcaption className={css.legend}>
        {drawn.map((figure) => (
          <span key={figure}>
            <i data-part={figures.indexOf(figure)} aria-hidden />
            {named(i18n._.bind(i18n), figure)}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}

type Translate = (text: NonNullable<(typeof FIGURE_TEXTS)[string]>) => string;

export function named(translate: Translate, figure: string): string {
  const text = FIGURE_TEXTS[figure];
  return text ? translate(text) : figure;
}
