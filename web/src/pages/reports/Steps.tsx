import { useLingui } from "@lingui/react/macro";

import { useFormats } from "@/texts/format";

import { named } from "./Bars";
import css from "./reports.module.css";
import { RowsLink } from "./RowsLink";
import { valueOf, type Line } from "./shown";

const WHOLE = 100; // percent

/** Figures one below the other, each with a bar of its share: a funnel, or how long callers waited. */
export function Steps({ line, figures, whole }: { line: Line; figures: readonly string[]; whole: string }) {
  const { i18n } = useLingui();
  const formats = useFormats();
  const all = valueOf(line, whole);
  return (
    <dl className={css.steps}>
      {figures.map((figure) => {
        const share = all ? valueOf(line, figure) / all : 0;
        return (
          <div key={figure}>
            <dt>{named(i18n._.bind(i18n), figure)}</dt>
            <dd>
              <span className={css.meter} aria-hidden>
                <span style={{ width: `${String(share * WHOLE)}%` }} />
              </span>
              <RowsLink line={line} figure={figure} total />
              <small>{formats.percent(share)}</small>
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
