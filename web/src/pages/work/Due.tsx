import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { useMay } from "@/api/session";
import { useClock } from "@/live/clock";
import { LookLink } from "@/pages/look/LookLink";
import { Empty } from "@/parts/Empty";
import { PhoneNumber } from "@/parts/PhoneNumber";
import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";
import { useFormats } from "@/texts/format";

import { departmentComplaintsQuery, myCallbacksQuery, myComplaintsQuery, myTasksQuery } from "./day";
import idleCss from "./idle.module.css";
import css from "./work.module.css";

const MINUTE_MS = 60_000;

/** What waits for me: customers to call back, tasks, my complaints, and those of my departments that nobody has. */
export function Due({ operator }: { operator: number }) {
  const promises = useMay("callbacks.write");
  const complains = useMay("complaints.read");
  const callbacks = useQuery({ ...myCallbacksQuery(operator), enabled: promises });
  const tasks = useQuery({ ...myTasksQuery, enabled: complains });
  const mine = useQuery({ ...myComplaintsQuery, enabled: complains });
  const ours = useQuery({ ...departmentComplaintsQuery, enabled: complains });
  const known = new Set(mine.data?.items.map((one) => one.id));
  const unowned = ours.data?.items.filter((one) => !known.has(one.id)) ?? [];
  const count =
    (callbacks.data?.items.length ?? 0) +
    (tasks.data?.items.length ?? 0) +
    (mine.data?.items.length ?? 0) +
    unowned.length;
  const asked = [callbacks, tasks, mine, ours];
  return (
    <Section title={<Trans>What waits for me</Trans>} icon="clock" count={count}>
      <Trouble error={asked.find((one) => one.error)?.error ?? null} />
      {count === 0 && asked.every((one) => !one.isFetching) && (
        <Empty>
          <Trans>Nothing. Callbacks, tasks and complaints that you have are listed here.</Trans>
        </Empty>
      )}
      <ul className={css.rows}>
        {callbacks.data?.items.map((lead) => (
          <Row key={`callback ${String(lead.id)}`} at={lead.callback_at} kind={<Trans>call back</Trans>}>
            {[lead.surname, lead.given_name, lead.company_name].filter(Boolean).join(" ")}{" "}
            <PhoneNumber number={lead.numbers[0]?.number ?? ""} />
          </Row>
        ))}
        {tasks.data?.items.map((task) => (
          <Row key={`task ${String(task.id)}`} at={task.due_at} kind={<Trans>task</Trans>}>
            <LookLink look={{ kind: "complaint", id: String(task.complaint) }}>{task.title}</LookLink>
          </Row>
        ))}
        {mine.data?.items.map((one) => (
          <Row key={`mine ${String(one.id)}`} at={one.due_at} kind={<Trans>my complaint</Trans>}>
            <LookLink look={{ kind: "complaint", id: String(one.id) }}>
              #{one.id} {one.subject}
            </LookLink>
          </Row>
        ))}
        {unowned.map((one) => (
          <Row key={`ours ${String(one.id)}`} at={one.due_at} kind={<Trans>our complaint, nobody has it</Trans>}>
            <LookLink look={{ kind: "complaint", id: String(one.id) }}>
              #{one.id} {one.subject}
            </LookLink>
          </Row>
        ))}
      </ul>
    </Section>
  );
}

interface RowProps {
  /** By when; null: it has no time. */
  at: string | null;
  kind: ReactNode;
  children: ReactNode;
}

function Row({ at, kind, children }: RowProps) {
  const formats = useFormats();
  const now = useClock((moment) => Math.floor(moment / MINUTE_MS) * MINUTE_MS);
  const late = at !== null && Date.parse(at) < now;
  const when = at === null ? "" : formats.moment(at, now);
  return (
    <li className={idleCss.due}>
      <span>
        <b>{children}</b>
        <small>{kind}</small>
      </span>
      {at !== null && (
        <time dateTime={at} className={late ? css.late : css.about}>
          {late ? <Trans>late since {when}</Trans> : when}
        </time>
      )}
    </li>
  );
}
