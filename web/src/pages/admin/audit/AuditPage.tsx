import { Trans, useLingui } from "@lingui/react/macro";
import { NativeSelect, TextInput } from "@mantine/core";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { answer, api } from "@/api/client";
import { useMay } from "@/api/session";
import { Empty } from "@/parts/Empty";
import { ShowMore } from "@/parts/ShowMore";
import { Trouble } from "@/parts/Trouble";
import { Waiting } from "@/parts/Waiting";

import { fromLocal } from "../shape/moments";
import { optionsQuery } from "../shape/options";
import shape from "../shape/shape.module.css";
import css from "./audit.module.css";
import { AuditEntry } from "./AuditEntry";

const LIMIT = 30;

/** Who changed what, and when: with the fields before and after. */
export function AuditPage() {
  const { t } = useLingui();
  const [asked, setAsked] = useState({ subject: "", who: "", from: "", until: "" });
  const users = useQuery({ ...optionsQuery("users"), enabled: useMay("users.manage") });
  const query = {
    subject: /^[a-z_]+(:\S+)?$/.test(asked.subject) ? asked.subject : null,
    who: asked.who ? Number(asked.who) : null,
    from_at: fromLocal(asked.from),
    to_at: fromLocal(asked.until),
    limit: LIMIT,
  };
  const found = useInfiniteQuery({
    queryKey: ["audit", query],
    queryFn: ({ pageParam }) =>
      answer(api.GET("/api/v1/audit", { params: { query: { ...query, cursor: pageParam } } })),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  });
  const events = found.data?.pages.flatMap((page) => page.items) ?? [];
  const type = (changes: Partial<typeof asked>) => {
    setAsked({ ...asked, ...changes });
  };
  return (
    <>
      <header className={shape.top}>
        <div>
          <h1>
            <Trans>Audit log</Trans>
          </h1>
          <p>
            <Trans>Who changed what, and when. Secrets are left out.</Trans>
          </p>
        </div>
      </header>
      <div className={shape.card}>
        <div className={css.filters}>
          <TextInput
            label={t`What`}
            placeholder="queue:sales"
            value={asked.subject}
            onChange={(event) => {
              type({ subject: event.currentTarget.value.trim() });
            }}
          />
          <NativeSelect
            label={t`Who`}
            value={asked.who}
            onChange={(event) => {
              type({ who: event.currentTarget.value });
            }}
            data={[
              { value: "", label: t`everybody` },
              ...(users.data ?? []).map(({ value, label }) => ({ value, label: label.en })),
            ]}
          />
          <TextInput
            type="datetime-local"
            label={t`From`}
            value={asked.from}
            onChange={(event) => {
              type({ from: event.currentTarget.value });
            }}
          />
          <TextInput
            type="datetime-local"
            label={t`Until`}
            value={asked.until}
            onChange={(event) => {
              type({ until: event.currentTarget.value });
            }}
          />
        </div>
        <Trouble error={found.error} />
        {found.isPending && <Waiting lines={6} />}
        {found.isSuccess && events.length === 0 && (
          <Empty>
            <Trans>Nothing of the kind was changed.</Trans>
          </Empty>
        )}
        <ol className={css.events}>
          {events.map((event) => (
            <AuditEntry key={event.id} event={event} />
          ))}
        </ol>
        <ShowMore found={found} />
      </div>
    </>
  );
}
