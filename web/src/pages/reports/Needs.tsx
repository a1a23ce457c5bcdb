import { Trans, useLingui } from "@lingui/react/macro";
import { NativeSelect, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";

import { useLive } from "@/live/useLive";
import { Empty } from "@/parts/Empty";
import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";
import { Waiting } from "@/parts/Waiting";
import { duration, useFormats } from "@/texts/format";

import type { ReportSearch } from "./asking";
import { NeedsChart } from "./NeedsChart";
import { NeedsTable } from "./NeedsTable";
import { needsQuery, type NeedsOfDay } from "./queries";
import css from "./reports.module.css";
import { dayOf, ownZone } from "./zones";

const LEVELS = [0.7, 0.75, 0.8, 0.85, 0.9, 0.95];
const USUAL_LEVEL = 0.8;

/** How many operators each half hour of a day to come needs, and what that is known from. */
export function Needs({ search, now }: { search: ReportSearch; now: number }) {
  const { t } = useLingui();
  const formats = useFormats();
  const navigate = useNavigate({ from: "/reports" });
  const queues = useLive(({ floor }) => floor.queues);
  const zone = search.zone ?? ownZone();
  const day = search.day ?? dayOf(now, zone, -1);
  const level = search.level ?? USUAL_LEVEL;
  const { queue } = search;
  const needs = useQuery(needsQuery({ day, zone, level, ...(queue === undefined ? {} : { queue }) }));
  const change = (changes: ReportSearch) => {
    void navigate({ search: (before) => ({ ...before, ...changes }), replace: true, resetScroll: false });
  };
  return (
    <>
      <div className={css.controls} role="search" aria-label={t`Which day`}>
        <TextInput
          type="date"
          size="xs"
          label={t`Day`}
          min={dayOf(now, zone)}
          value={day}
          onChange={(event) => {
            change({ day: event.currentTarget.value || undefined });
          }}
        />
        <NativeSelect
          size="xs"
          label={t`Queue`}
          value={queue ?? ""}
          onChange={(event) => {
            change({ queue: event.currentTarget.value || undefined });
          }}
          data={[
            { value: "", label: t`all queues` },
            ...[...queues.values()].map((one) => ({ value: one.id, label: one.title })),
          ]}
        />
        <NativeSelect
          size="xs"
          label={t`Answered in time`}
          value={String(level)}
          onChange={(event) => {
            change({ level: Number(event.currentTarget.value) });
          }}
          data={LEVELS.map((one) => ({ value: String(one), label: formats.percent(one) }))}
        />
      </div>
      <Trouble error={needs.error} />
      {needs.isPending && <Waiting lines={6} />}
      {needs.data && <Shown needs={needs.data} />}
    </>
  );
}

function Shown({ needs }: { needs: NeedsOfDay }) {
  if (needs.parts.length === 0)
    return (
      <Empty>
        <Trans>Nobody has called on such a day yet, so nothing is known of it. Come back when there are calls.</Trans>
      </Empty>
    );
  return (
    <>
      <Section title={<Trans>Operators needed</Trans>} icon="headset">
        <NeedsChart parts={needs.parts} />
      </Section>
      <Known needs={needs} />
      <Section title={<Trans>Half hours</Trans>} icon="clock" count={needs.parts.length}>
        <NeedsTable parts={needs.parts} />
      </Section>
    </>
  );
}

function Known({ needs }: { needs: NeedsOfDay }) {
  const formats = useFormats();
  const days = needs.learned.map(formats.date).join(", ");
  const handling = duration(needs.handling_s);
  const patience = needs.patience_s === null ? null : duration(needs.patience_s);
  const breaks = formats.percent(needs.break_share);
  const target = formats.number(needs.target_s);
  const level = formats.percent(needs.level);
  const least = formats.percent(Math.min(...needs.lived));
  const most = formats.percent(Math.max(...needs.lived));
  return (
    <Section title={<Trans>What is known</Trans>} icon="article">
      <ul className={css.known}>
        <li>
          <Trans>Calls come as on these days: {days}.</Trans>
        </li>
        <li>
          <Trans>A call keeps an operator for {handling}, with hold and wrap-up.</Trans>{" "}
          {patience === null ? (
            <Trans>Nobody has given up waiting.</Trans>
          ) : (
            <Trans>Callers give up after {patience} on average.</Trans>
          )}{" "}
          <Trans>Breaks take {breaks} of the time at work.</Trans>
        </li>
        <li>
          <Trans>
            Operators needed: the fewest with whom {level} of calls are answered within {target} s, by Erlang's formula
            with callers who give up (Erlang A). The bounds hold for eight days of ten.
          </Trans>
        </li>
        {needs.lived.length > 0 && (
          <li>
            <Trans>
              Had those days come again with these operators, between {least} and {most} of their calls would have been
              answered in time (simulated with this centre's talks).
            </Trans>
          </li>
        )}
      </ul>
    </Section>
  );
}
