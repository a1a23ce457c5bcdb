import { useLingui } from "@lingui/react/macro";
import { NativeSelect, SegmentedControl, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";

import { useLive } from "@/live/useLive";
import { BY_TEXTS, SUBJECT_TEXTS, type By, type Subject } from "@/texts/figures";

import { byOf, bysOf, daysOf, PERIODS, SUBJECTS, type Period, type ReportSearch } from "./asking";
import css from "./reports.module.css";
import { ownZone } from "./zones";

const PERIOD_TEXTS: Record<Period, MessageDescriptor> = {
  today: msg`Today`,
  yesterday: msg`Yesterday`,
  week: msg`7 days`,
  month: msg`30 days`,
  days: msg`Other days`,
};
const ZONES = Intl.supportedValuesOf("timeZone");

/** What the report is about, of which days, and what its lines are told apart by. */
export function Controls({ search, now }: { search: ReportSearch; now: number }) {
  const { i18n, t } = useLingui();
  const navigate = useNavigate({ from: "/reports" });
  const queues = useLive(({ floor }) => floor.queues);
  const subject = search.subject ?? "calls";
  const zone = search.zone ?? ownZone();
  const days = daysOf(search, now, zone);
  const change = (changes: ReportSearch) => {
    void navigate({
      search: (before) => ({ ...before, key: undefined, figure: undefined, ...changes }),
      replace: true,
      resetScroll: false,
    });
  };
  return (
    <div className={css.controls} role="search" aria-label={t`What the report is about`}>
      <SegmentedControl
        aria-label={t`Report`}
        value={subject}
        onChange={(value) => {
          change({ subject: value as Subject, by: undefined });
        }}
        data={SUBJECTS.map((one) => ({ value: one, label: i18n._(SUBJECT_TEXTS[one]) }))}
      />
      <SegmentedControl
        aria-label={t`Period`}
        value={search.period ?? "today"}
        onChange={(value) => {
          change({ period: value as Period, ...days });
        }}
        data={PERIODS.map((one) => ({ value: one, label: i18n._(PERIOD_TEXTS[one]) }))}
      />
      {search.period === "days" && (
        <>
          <TextInput
            type="date"
            size="xs"
            label={t`First day`}
            value={days.from}
            onChange={(event) => {
              change({ from: event.currentTarget.value });
            }}
          />
          <TextInput
            type="date"
            size="xs"
            label={t`Last day`}
            value={days.to}
            onChange={(event) => {
              change({ to: event.currentTarget.value });
            }}
          />
        </>
      )}
      <NativeSelect
        size="xs"
        label={t`Lines`}
        value={byOf(search)}
        onChange={(event) => {
          change({ by: event.currentTarget.value as By });
        }}
        data={bysOf(subject).map((one) => ({ value: one, label: i18n._(BY_TEXTS[one]) }))}
      />
      {(subject === "calls" || subject === "orders") && (
        <NativeSelect
          size="xs"
          label={t`Queue`}
          value={search.queue ?? ""}
          onChange={(event) => {
            change({ queue: event.currentTarget.value || undefined });
          }}
          data={[
            { value: "", label: t`all queues` },
            ...[...queues.values()].map((one) => ({ value: one.id, label: one.title })),
          ]}
        />
      )}
      <NativeSelect
        size="xs"
        label={t`Time zone`}
        value={zone}
        onChange={(event) => {
          change({ zone: event.currentTarget.value });
        }}
        data={ZONES.includes(zone) ? ZONES : [zone, ...ZONES]}
      />
    </div>
  );
}
