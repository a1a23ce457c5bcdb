import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";

import { historyQuery } from "@/api/queries";
import { useClock } from "@/live/clock";
import { Empty } from "@/parts/Empty";
import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";
import { Waiting } from "@/parts/Waiting";

import { HistoryEntry } from "./HistoryEntry";
import css from "./contact.module.css";

const MINUTE_MS = 60_000;

interface Props {
  contact: number;
  /** The present call, which is no history yet; empty: there is none. */
  call?: string;
}

/** What happened with the contact before, the newest first. */
export function History({ contact, call = "" }: Props) {
  const history = useQuery(historyQuery(contact));
  const entries = history.data?.items.filter((one) => one.kind !== "call" || one.id !== call);
  const now = useClock((at) => Math.floor(at / MINUTE_MS) * MINUTE_MS);
  return (
    <Section title={<Trans>History</Trans>} icon="clock">
      <Trouble error={history.error} />
      {history.isPending && <Waiting />}
      {entries?.length === 0 && (
        <Empty>
          <Trans>Nothing yet: this is the first time.</Trans>
        </Empty>
      )}
      <ol className={css.history}>
        {entries?.map((entry) => (
          <HistoryEntry key={`${entry.kind} ${entry.id}`} entry={entry} now={now} />
        ))}
      </ol>
    </Section>
  );
}
