import { Trans, useLingui } from "@lingui/react/macro";
import { NativeSelect, Switch, TextInput } from "@mantine/core";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";

import { answer, api } from "@/api/client";
import { Empty } from "@/parts/Empty";
import { Section } from "@/parts/Section";
import { ShowMore } from "@/parts/ShowMore";
import { Trouble } from "@/parts/Trouble";
import { Waiting } from "@/parts/Waiting";

import css from "./consents.module.css";
import { KeptRow } from "./KeptRow";
import { WORDS, type Word } from "./words";

const LIMIT = 20;
const SHORTEST = 4; // digits of a number that is searched for

/** All that holds, the newest first, or what was ended; of one number, too. */
export function Kept() {
  const { i18n, t } = useLingui();
  const [typed, setTyped] = useState("");
  const [word, setWord] = useState<Word | "">("");
  const [removed, setRemoved] = useState(false);
  const number = useDeferredValue(typed.replace(/\D/g, "").length < SHORTEST ? "" : typed);
  const found = useInfiniteQuery({
    queryKey: ["consent", { number, word, removed }],
    queryFn: ({ pageParam }) => {
      const query = { number: number || null, word: word || null, removed, cursor: pageParam, limit: LIMIT };
      return answer(api.GET("/api/v1/consents", { params: { query } }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  });
  const rows = found.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Section title={removed ? <Trans>What was ended</Trans> : <Trans>What holds</Trans>} icon="check">
      <div className={css.fields}>
        <TextInput
          type="search"
          size="sm"
          label={t`Of the number`}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
          }}
        />
        <NativeSelect
          size="sm"
          label={t`Which`}
          value={word}
          onChange={(event) => {
            setWord(event.currentTarget.value as Word | "");
          }}
          data={[
            { value: "", label: t`both` },
            ...Object.entries(WORDS).map(([value, text]) => ({ value, label: i18n._(text) })),
          ]}
        />
        <Switch
          label={<Trans>Ended ones</Trans>}
          checked={removed}
          onChange={(event) => {
            setRemoved(event.currentTarget.checked);
          }}
        />
      </div>
      <Trouble error={found.error} />
      {found.isPending && <Waiting />}
      {found.isSuccess && rows.length === 0 && (
        <Empty>
          {number ? <Trans>Nothing is on file for this number.</Trans> : <Trans>Nothing is on file.</Trans>}
        </Empty>
      )}
      <ul className={css.rows}>
        {rows.map((one) => (
          <KeptRow key={one.id} one={one} />
        ))}
      </ul>
      <ShowMore found={found} />
    </Section>
  );
}
