import { Trans, useLingui } from "@lingui/react/macro";
import { NativeSelect } from "@mantine/core";
import { useState } from "react";

import type { Subject } from "@/texts/figures";
import { useLocale } from "@/texts/speaking";

import { named } from "./Bars";
import css from "./reports.module.css";
import { RowsLink } from "./RowsLink";
import { COLUMNS, valueOf, type Line, type Report } from "./shown";
import { weekdays } from "./titles";

const STRONGEST = 70; // percent of the colour

/** Hours of the day by days of the week: where it is much, the cell is darker, and its number says how much. */
export function HeatMap({ report }: { report: Report }) {
  const { i18n, t } = useLingui();
  const locale = useLocale();
  const subject: Subject = report.subject;
  const figures = COLUMNS[subject];
  const [chosen, choose] = useState(figures[0] ?? "");
  const figure = figures.includes(chosen) ? chosen : (figures[0] ?? "");
  const byKey = new Map(report.lines.map((line) => [line.key, line]));
  const used = report.lines.filter((line) => Object.values(line.figures).some(Boolean)).map((line) => hourOf(line));
  const hours = range(Math.min(...used), Math.max(...used));
  const highest = Math.max(...report.lines.map((line) => valueOf(line, figure)), 0);
  if (used.length === 0) return null;
  return (
    <div>
      <NativeSelect
        size="xs"
        label={t`Figure`}
        className={css.heatChoice}
        value={figure}
        onChange={(event) => {
          choose(event.currentTarget.value);
        }}
        data={figures.map((one) => ({ value: one, label: named(i18n._.bind(i18n), one) }))}
      />
      <div className={css.scroll} tabIndex={0} role="region" aria-label={t`Figures by hour`}>
        <table className={css.heat}>
          <thead>
            <tr>
              <th scope="col">
                <Trans>Hour</Trans>
              </th>
              {weekdays(locale, "short").map((day) => (
                <th key={day} scope="col">
                  {day}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {hours.map((hour) => (
              <tr key={hour}>
                <th scope="row" data-figures>
                  {`${two(hour)}:00`}
                </th>
                {range(1, 7).map((day) => {
                  const line = byKey.get(`${String(day)} ${two(hour)}`);
                  const share = line && highest ? valueOf(line, figure) / highest : 0;
                  return (
                    <td
                      key={day}
                      style={{
                        background: `color-mix(in srgb, var(--heat) ${String(share * STRONGEST)}%, transparent)`,
                      }}
                    >
                      {line && share > 0 ? <RowsLink line={line} figure={figure} /> : ""}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function hourOf(line: Line): number {
  return Number(line.key.slice(2));
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}

function range(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at);
}
