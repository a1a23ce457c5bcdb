import { Trans, useLingui } from "@lingui/react/macro";
import { queryOptions, useQuery, type UseQueryResult } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { answer, api } from "@/api/client";
import type { components } from "@/api/contract";
import { useMay } from "@/api/session";
import { useLive, useLiveStore, useOperatorName } from "@/live/useLive";
import { Empty } from "@/parts/Empty";
import type { IconName } from "@/parts/Icon";
import { PhoneNumber } from "@/parts/PhoneNumber";
import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";
import { Waiting } from "@/parts/Waiting";
import { useFormats } from "@/texts/format";
import { COMPLAINT_TEXTS, SEVERITY_TEXTS } from "@/texts/states";

import css from "./due.module.css";

type Complaint = components["schemas"]["ComplaintOut"];
type Lead = components["schemas"]["LeadOut"];

const AGAIN_MS = 60_000;
const MOST = 50;

const lateQuery = queryOptions({
  queryKey: ["complaint", "late"],
  queryFn: () =>
    answer(api.GET("/api/v1/complaints", { params: { query: { late: true, by_due: true, limit: MOST } } })),
  refetchInterval: AGAIN_MS,
});

const callbacksQuery = queryOptions({
  queryKey: ["callback", "all"],
  queryFn: () => answer(api.GET("/api/v1/callbacks", { params: { query: { limit: MOST } } })),
  refetchInterval: AGAIN_MS,
});

const toWriteQuery = queryOptions({
  queryKey: ["article", "unanswered"],
  queryFn: () => answer(api.GET("/api/v1/articles/unanswered", { params: { query: { limit: MOST } } })),
});

/** What waits for a supervisor: complaints that are late, callbacks in their order, articles to write. */
export function DuePage() {
  const complaints = useMay("complaints.read");
  const callbacks = useMay("callbacks.write_all");
  const articles = useMay("articles.write");
  return (
    <div className={css.due}>
      <h1>
        <Trans>Due</Trans>
      </h1>
      <div className={css.columns}>
        {complaints && <Late />}
        {callbacks && <Callbacks />}
        {articles && <ToWrite />}
      </div>
    </div>
  );
}

interface ListProps<Data> {
  title: ReactNode;
  icon: IconName;
  found: UseQueryResult<Data>;
  items: readonly ReactNode[];
  none: ReactNode;
}

function List<Data>({ title, icon, found, items, none }: ListProps<Data>) {
  return (
    <Section title={title} icon={icon} count={items.length}>
      <Trouble error={found.error} />
      {found.isPending && <Waiting />}
      {found.isSuccess && items.length === 0 && <Empty>{none}</Empty>}
      <ul className={css.items}>{items}</ul>
    </Section>
  );
}

function Late() {
  const found = useQuery(lateQuery);
  return (
    <List
      title={<Trans>Late complaints</Trans>}
      icon="complaint"
      found={found}
      items={(found.data?.items ?? []).map((one) => (
        <LateRow key={one.id} complaint={one} />
      ))}
      none={<Trans>No complaint is late.</Trans>}
    />
  );
}

function LateRow({ complaint }: { complaint: Complaint }) {
  const { i18n } = useLingui();
  const formats = useFormats();
  const { line } = useLiveStore();
  const number = String(complaint.id);
  const due = complaint.due_at === null ? "" : formats.moment(complaint.due_at, line.now());
  return (
    <li>
      <b>
        #{number} {complaint.subject}
      </b>
      <small>
        {i18n._(COMPLAINT_TEXTS[complaint.state])} · {i18n._(SEVERITY_TEXTS[complaint.severity])} ·{" "}
        <Trans>due {due}</Trans>
        {complaint.owner_name && ` · ${complaint.owner_name}`}
      </small>
      {complaint.call !== null && (
        <small>
          <Link to="/calls/$id" params={{ id: complaint.call }}>
            <Trans>Look at the call</Trans>
          </Link>
        </small>
      )}
    </li>
  );
}

function Callbacks() {
  const found = useQuery(callbacksQuery);
  return (
    <List
      title={<Trans>Callbacks</Trans>}
      icon="phone"
      found={found}
      items={(found.data?.items ?? []).map((one) => (
        <CallbackRow key={one.id} lead={one} />
      ))}
      none={<Trans>Nobody has asked to be called back.</Trans>}
    />
  );
}

function CallbackRow({ lead }: { lead: Lead }) {
  const formats = useFormats();
  const { line } = useLiveStore();
  const operator = useOperatorName(lead.callback_operator);
  const campaign = useLive(({ floor }) => floor.campaigns.get(lead.campaign)?.title ?? "");
  const now = line.now();
  const late = lead.callback_at !== null && Date.parse(lead.callback_at) < now;
  return (
    <li data-state={late ? "bad" : undefined}>
      <b>
        {lead.callback_at !== null && <time dateTime={lead.callback_at}>{formats.moment(lead.callback_at, now)}</time>}{" "}
        <PhoneNumber number={lead.numbers[0]?.number ?? ""} />
      </b>
      <small>
        {late && <Trans>late</Trans>} {operator || <Trans>by anybody</Trans>}
        {campaign && ` · ${campaign}`}
      </small>
    </li>
  );
}

function ToWrite() {
  const formats = useFormats();
  const { line } = useLiveStore();
  const found = useQuery(toWriteQuery);
  return (
    <List
      title={<Trans>Articles to write</Trans>}
      icon="article"
      found={found}
      items={(found.data ?? []).map((one) => {
        const times = formats.number(one.times);
        const last = formats.moment(one.last_at, line.now());
        return (
          <li key={one.id}>
            <b>{one.question}</b>
            <small>
              <Trans>
                searched {times} times in vain, last {last}
              </Trans>
            </small>
          </li>
        );
      })}
      none={<Trans>No search has been in vain.</Trans>}
    />
  );
}
