import { Trans } from "@lingui/react/macro";
import { Switch } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";

import { useLiveStore, useOperatorName } from "@/live/useLive";
import { Empty } from "@/parts/Empty";
import { Section } from "@/parts/Section";
import { ShowMore } from "@/parts/ShowMore";
import { Trouble } from "@/parts/Trouble";
import { phone, useFormats } from "@/texts/format";
import { useLanguage } from "@/texts/speaking";

import css from "./campaigns.module.css";
import { talksQuery, type Talk } from "./queries";

/** The campaign's talks and what they came to, the newest first. */
export function Talks({ id }: { id: number }) {
  const [open, setOpen] = useState(false);
  const found = useInfiniteQuery(talksQuery(id, open));
  const talks = found.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Section
      title={<Trans>Talks</Trans>}
      icon="headset"
      aside={
        <Switch
          size="xs"
          label={<Trans>without a result</Trans>}
          checked={open}
          onChange={(event) => {
            setOpen(event.currentTarget.checked);
          }}
        />
      }
    >
      <Trouble error={found.error} />
      {found.isSuccess && talks.length === 0 && (
        <Empty>
          <Trans>Nobody has been talked with yet.</Trans>
        </Empty>
      )}
      <ul className={css.rows}>
        {talks.map((talk) => (
          <TalkRow key={talk.id} talk={talk} />
        ))}
      </ul>
      <ShowMore found={found} />
    </Section>
  );
}

function TalkRow({ talk }: { talk: Talk }) {
  const formats = useFormats();
  const language = useLanguage();
  const { line } = useLiveStore();
  const operator = useOperatorName(talk.operator);
  const result = talk.disposition_titles[language] ?? talk.disposition_title;
  const who = talk.name || phone(talk.number);
  return (
    <li>
      <span>
        <time dateTime={talk.placed_at}>{formats.moment(talk.placed_at, line.now())}</time>{" "}
        {talk.call ? (
          <Link to="/calls/$id" params={{ id: talk.call }}>
            {who}
          </Link>
        ) : (
          who
        )}
        {operator && ` · ${operator}`}
      </span>
      <span>{result ? <b>{result}</b> : <Trans>no result yet</Trans>}</span>
      {talk.note && <small>{talk.note}</small>}
    </li>
  );
}
