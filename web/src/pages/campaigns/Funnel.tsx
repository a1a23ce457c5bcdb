import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { useLiveStore } from "@/live/useLive";
import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";
import { FIGURE_TEXTS } from "@/texts/figures";
import { useFormats } from "@/texts/format";

import css from "./campaigns.module.css";
import { funnelQuery } from "./queries";

const STEPS = ["placed", "reached", "talked", "sales", "callbacks", "undisposed"] as const;
const WHOLE = 100; // percent

/** How many attempts came how far. */
export function Funnel({ id }: { id: number }) {
  const { i18n } = useLingui();
  const formats = useFormats();
  const { line } = useLiveStore();
  const report = useQuery(funnelQuery(id, () => line.now()));
  const figures = report.data?.total.figures ?? {};
  const all = figures.placed ?? 0;
  return (
    <Section
      title={<Trans>Attempts of 30 days</Trans>}
      icon="phone"
      aside={
        <Link to="/reports" search={{ subject: "attempts", period: "month", by: "campaign" }}>
          <Trans>Report</Trans>
        </Link>
      }
    >
      <Trouble error={report.error} />
      <dl className={css.funnel}>
        {STEPS.map((step) => {
          const text = FIGURE_TEXTS[step];
          const value = figures[step] ?? 0;
          return (
            <div key={step}>
              <dt>{text ? i18n._(text) : step}</dt>
              <dd>
                <span className={css.meter} aria-hidden>
                  <span style={{ width: `${String(all ? (value / all) * WHOLE : 0)}%` }} />
                </span>
                <b data-figures>{formats.number(value)}</b>
              </dd>
            </div>
          );
        })}
      </dl>
    </Section>
  );
}
