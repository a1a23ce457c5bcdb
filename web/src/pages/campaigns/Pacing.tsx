import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";

import { useLive } from "@/live/useLive";
import { Section } from "@/parts/Section";
import { useFormats } from "@/texts/format";

import css from "./campaigns.module.css";

/** The last decision how many calls to place, with what it expected. */
export function Pacing({ id }: { id: number }) {
  const formats = useFormats();
  const pacing = useLive(({ floor }) => floor.campaigns.get(id)?.pacing ?? null);
  if (pacing === null) return null;
  const { forecast } = pacing;
  const rounded = (value: number) => formats.number(Math.round(value * 10) / 10);
  return (
    <Section title={<Trans>How it dials now</Trans>} icon="phone">
      <dl className={css.leads}>
        <Figure name={<Trans>Operators ready, of these idle</Trans>}>
          {formats.number(pacing.ready)} / {formats.number(pacing.idle)}
        </Figure>
        <Figure name={<Trans>Ringing + new</Trans>}>
          {formats.number(pacing.dials)} + {formats.number(pacing.place)}
        </Figure>
        <Figure name={<Trans>Operators kept for dials + left for callers</Trans>}>
          {formats.number(pacing.kept)} + {formats.number(pacing.left)}
        </Figure>
        {forecast && (
          <>
            <Figure name={<Trans>Answered</Trans>}>
              {formats.percent(forecast.answer_rate)} ± {formats.percent(forecast.answer_rate_spread)}
            </Figure>
            <Figure name={<Trans>Window, seconds</Trans>}>{rounded(forecast.window_s)}</Figure>
            <Figure name={<Trans>Become free within the window</Trans>}>{rounded(forecast.freed)}</Figure>
            <Figure name={<Trans>Answers within the window</Trans>}>{rounded(forecast.answers)}</Figure>
            <Figure name={<Trans>Risk of the next call / accepted</Trans>}>
              {formats.percent(forecast.next_risk)} / {formats.percent(forecast.accepted_risk)}
            </Figure>
          </>
        )}
        <Figure name={<Trans>Without an operator / answered</Trans>}>
          {formats.number(pacing.abandoned)} / {formats.number(pacing.answered + pacing.abandoned)}
        </Figure>
      </dl>
    </Section>
  );
}

function Figure({ name, children }: { name: ReactNode; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd data-figures>{children}</dd>
    </div>
  );
}
