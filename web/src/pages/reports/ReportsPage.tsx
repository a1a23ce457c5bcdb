import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";

import { useLiveStore } from "@/live/useLive";
import { Empty } from "@/parts/Empty";
import { Icon } from "@/parts/Icon";
import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";
import { Waiting } from "@/parts/Waiting";
import { FORMULA_TEXTS, type Subject } from "@/texts/figures";

import { askedOf, byOf, isTime, type ReportSearch } from "./asking";
import { Bars, named } from "./Bars";
import { Controls } from "./Controls";
import { HeatMap } from "./HeatMap";
import { LinesTable } from "./LinesTable";
import { Needs } from "./Needs";
import { reportQuery } from "./queries";
import css from "./reports.module.css";
import { Rows } from "./Rows";
import { RowsLink, TOTAL } from "./RowsLink";
import { KEY_FIGURES, STACKED, STEPS, type Report } from "./shown";
import { Steps } from "./Steps";
import { useTitleOf } from "./titles";
import { ownZone } from "./zones";

const route = getRouteApi("/reports");

/** What happened in a period: figures with their formulas, pictures, tables, and the rows behind each figure. */
export function ReportsPage() {
  const search = route.useSearch();
  const { line } = useLiveStore();
  const [now] = useState(() => line.now());
  const asked = askedOf(search, now, ownZone());
  const ahead = search.look === "needs";
  return (
    <div className={css.reports}>
      <header className={css.top}>
        <h1>
          <Trans>Reports</Trans>
        </h1>
        {!ahead && <Export asked={asked} form="csv" />}
        {!ahead && <Export asked={asked} form="xlsx" />}
        <Link to="/reports" search={(before) => ({ ...before, look: ahead ? undefined : "needs" })}>
          {ahead ? <Trans>What happened</Trans> : <Trans>Tomorrow</Trans>}
        </Link>
      </header>
      {ahead ? <Needs search={search} now={now} /> : <Happened search={search} asked={asked} now={now} />}
    </div>
  );
}

interface HappenedProps {
  search: ReportSearch;
  asked: ReturnType<typeof askedOf>;
  now: number;
}

function Happened({ search, asked, now }: HappenedProps) {
  const report = useQuery(reportQuery(asked));
  return (
    <>
      <Controls search={search} now={now} />
      <Trouble error={report.error} />
      {report.isPending && <Waiting lines={6} />}
      {report.data && <Shown report={report.data} now={now} />}
    </>
  );
}

function Export({ asked, form }: { asked: ReturnType<typeof askedOf>; form: "csv" | "xlsx" }) {
  const params = new URLSearchParams({ ...asked.query, format: form });
  return (
    <Button
      component="a"
      size="compact-sm"
      variant="default"
      download
      href={`/api/v1/reports/${asked.subject}/export?${params.toString()}`}
      leftSection={<Icon name="article" size={16} />}
    >
      {form.toUpperCase()}
    </Button>
  );
}

function Shown({ report, now }: { report: Report; now: number }) {
  const { t } = useLingui();
  const search = route.useSearch();
  const subject: Subject = report.subject;
  const by = report.by ?? byOf(search);
  const titleOf = useTitleOf(subject, by, report.zone);
  const steps = STEPS[subject];
  const opened = search.key === TOTAL ? report.total : report.lines.find((line) => `=${line.key}` === search.key);
  if (!Object.values(report.total.figures).some(Boolean))
    return (
      <Empty>
        <Trans>Nothing of that kind happened in this period. Choose another one.</Trans>
      </Empty>
    );
  return (
    <>
      <KeyFigures report={report} />
      {search.figure !== undefined && opened !== undefined && (
        <Rows line={opened} figure={search.figure} title={opened === report.total ? "" : titleOf(opened)} now={now} />
      )}
      <div className={css.pictures}>
        {by === "hour_of_week" ? (
          <Section title={<Trans>Hours of the week</Trans>} icon="clock">
            <HeatMap report={report} />
          </Section>
        ) : (
          <Section title={isTime(by) ? <Trans>Over time</Trans> : <Trans>Side by side</Trans>} icon="wall">
            <Bars lines={report.lines} figures={STACKED[subject]} titleOf={titleOf} />
          </Section>
        )}
        {steps && (
          <Section
            title={subject === "calls" ? <Trans>How long callers waited</Trans> : <Trans>From dial to sale</Trans>}
            icon="down"
          >
            <Steps line={report.total} figures={steps} whole={subject === "calls" ? "offered" : "placed"} />
          </Section>
        )}
      </div>
      {by !== "hour_of_week" && (
        <Section title={t`Table`} icon="article" count={report.lines.length}>
          <LinesTable report={report} titleOf={titleOf} />
        </Section>
      )}
    </>
  );
}

function KeyFigures({ report }: { report: Report }) {
  const { i18n } = useLingui();
  const subject: Subject = report.subject;
  return (
    <dl className={css.keys}>
      {KEY_FIGURES[subject].map((figure) => {
        const formula = FORMULA_TEXTS[figure];
        return (
          <div key={figure}>
            <dt>{named(i18n._.bind(i18n), figure)}</dt>
            <dd>
              <RowsLink line={report.total} figure={figure} total />
              {formula && <small>{i18n._(formula)}</small>}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
