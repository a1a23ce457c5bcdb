import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";

import { historyQuery } from "@/api/queries";
import { useClock } from "@/live/clock";
import { Empty } from "@/parts/Empty";
import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";
import { Waiting } from "@/parts/Waiting";

import { HistoryEntry } from "./HistoryEntry";
import css from "./work.module.css";

const MINUTE_MS = 60_000;

/** What happened with the contact before, the newest first. */
export function History({ contact }: { contact: number }) {
  const history = useQuery(historyQuery(contact));
  const now = useClock((at) => Math.floor(at / MINUTE_MS) * MINUTE_MS);
  return (
    <Section title={<Trans>History</Trans>} icon="clock">
      <Trouble error={history.error} />
      {history.isPending && <Waiting />}
      {history.data?.items.length === 0 && (
        <Empty>
          <Trans>Nothing yet: this is the first time.</Trans>
        </Empty>
      )}
      <ol className={css.history}>
        {history.data?.items.map((entry) => (
          <HistoryEntry key={`${entry.kind} ${entry.id}`} entry={entry} now={now} />
        ))}
      </ol>
    </Section>
  );
}
