import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { memo } from "react";

import { useMay } from "@/api/session";
import { useLiveStore } from "@/live/useLive";
import { useFormats } from "@/texts/format";

import { lastQuery, todayQuery } from "./day";
import css from "./floor.module.css";

/** A queue's service level now and today, and who hung up; each opens its calls. */
export const QueueDay = memo(function QueueDay({ id, title }: { id: string; title: string }) {
  const reads = useMay("reports.read");
  return reads ? <Figures id={id} title={title} /> : null;
});

function Figures({ id, title }: { id: string; title: string }) {
  const { t } = useLingui();
  const formats = useFormats();
  const { line } = useLiveStore();
  const now = () => line.now();
  const today = useQuery(todayQuery(now)).data?.get(id);
  const last = useQuery(lastQuery(now)).data?.get(id);
  const level = (share: number | null | undefined) =>
    share === null || share === undefined ? "–" : formats.percent(share);
  const abandoned = today?.figures.abandoned ?? 0;
  return (
    <dl className={css.day}>
      <div>
        <dt>
          <Trans>Service level, 30 min</Trans>
        </dt>
        <dd>
          <Opens id={id} half name={t`${title}: half hours of today`}>
            {level(last?.figures.service_level)}
          </Opens>
        </dd>
      </div>
      <div>
        <dt>
          <Trans>Service level today</Trans>
        </dt>
        <dd>
          <Opens id={id} figure="answered_in_target" name={t`${title}: answered in time today`}>
            {level(today?.figures.service_level)}
          </Opens>
        </dd>
      </div>
      <div>
        <dt>
          <Trans>Hung up today</Trans>
        </dt>
        <dd>
          <Opens id={id} figure="abandoned" name={t`${title}: hung up today`}>
            {formats.number(abandoned)}
          </Opens>
        </dd>
      </div>
    </dl>
  );
}

interface OpensProps {
  /** The queue. */
  id: string;
  /** The figure whose rows are opened. */
  figure?: string;
  /** The half hours of the day are shown, each of whose figures opens its rows. */
  half?: boolean;
  name: string;
  children: string;
}

function Opens({ id, figure, half = false, name, children }: OpensProps) {
  if (children === "–" || children === "0") return <span>{children}</span>;
  const rows = figure === undefined ? {} : { figure, key: `=${id}` };
  return (
    <Link
      to="/reports"
      search={{ subject: "calls", period: "today", ...(half ? { by: "30min", queue: id } : { by: "queue", ...rows }) }}
      aria-label={`${name}: ${children}`}
    >
      {children}
    </Link>
  );
}
