import { Trans, useLingui } from "@lingui/react/macro";
import { TextInput, UnstyledButton } from "@mantine/core";
import { useDebouncedValue, useHotkeys } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";

import { articlesQuery } from "@/api/queries";
import type { Call } from "@/live/floor";
import { useQueueTitle } from "@/live/useLive";
import { BY_PLACE } from "@/parts/byPlace";
import { Empty } from "@/parts/Empty";
import { Icon } from "@/parts/Icon";
import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";
import { Waiting } from "@/parts/Waiting";
import { useActions } from "@/shell/actions";
import { useLanguage } from "@/texts/speaking";

import { Article } from "./Article";
import { whyText } from "./whyText";
import css from "./knowledge.module.css";

const PAUSE_MS = 150;

/** The articles that fit the call, and any others by searching; the chosen one is read in the same place. */
export function Articles({ call }: { call: Call }) {
  const { i18n, t } = useLingui();
  const [typed, setTyped] = useState("");
  const [open, setOpen] = useState<number | null>(null);
  const [asked] = useDebouncedValue(typed.trim(), PAUSE_MS);
  const language = useLanguage();
  const spoken = call.language || language;
  const queue = useQueueTitle(call.queue);
  const field = useRef<HTMLInputElement>(null);
  const hits = useQuery({ ...articlesQuery(call.id, asked, spoken), placeholderData: keepPreviousData });
  const focus = () => field.current?.focus();
  useHotkeys([["alt+S", focus, BY_PLACE]], []);
  useActions([{ id: "articles", title: t`Search articles`, icon: "article", keys: "Alt S", run: focus }]);
  if (open !== null)
    return (
      <Article
        id={open}
        language={spoken}
        call={call.id}
        question={asked}
        close={() => {
          setOpen(null);
        }}
      />
    );
  return (
    <Section title={<Trans>Articles</Trans>} icon="article">
      <TextInput
        ref={field}
        type="search"
        aria-label={t`Search articles`}
        placeholder={t`Search articles`}
        leftSection={<Icon name="search" size={16} />}
        rightSection={<kbd aria-hidden>Alt S</kbd>} // eslint-disable-line no-restricted-syntax -- names of keys
        rightSectionWidth={56}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
        }}
        mb="xs"
      />
      <Trouble error={hits.error} />
      {hits.isPending && <Waiting />}
      {hits.data?.items.length === 0 && (
        <Empty>
          {asked ? (
            <Trans>No article fits. Type another word.</Trans>
          ) : (
            <Trans>No article fits this call yet. Type what the customer asks.</Trans>
          )}
        </Empty>
      )}
      <ul className={css.articles}>
        {hits.data?.items.map((hit) => (
          <li key={hit.article}>
            <UnstyledButton
              onClick={() => {
                setOpen(hit.article);
              }}
            >
              <b>{hit.titles[hit.language] ?? Object.values(hit.titles)[0]}</b>
              <span>{hit.excerpt}</span>
              <small>
                {hit.why
                  .slice(0, 2)
                  .map((why) => whyText(why.reason === "queue" ? { ...why, what: queue } : why, i18n._.bind(i18n)))
                  .join(" · ")}
              </small>
            </UnstyledButton>
          </li>
        ))}
      </ul>
    </Section>
  );
}
