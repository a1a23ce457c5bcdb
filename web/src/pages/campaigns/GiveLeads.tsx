import { Trans, useLingui } from "@lingui/react/macro";
import { Button, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactNode } from "react";

import { answer, api } from "@/api/client";
import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";
import { useFormats } from "@/texts/format";

import css from "./campaigns.module.css";
import { NOT_ADDED } from "./words";

const FIRST = 1000; // the highest priority
const MOST = 10_000;

/** Leads without a file: one number, such as one's own for a trial, or contacts that a search finds. */
export function GiveLeads({ id }: { id: number }) {
  return (
    <Section title={<Trans>Leads without a file</Trans>} icon="plus">
      <div className={css.ways}>
        <OneLead id={id} />
        <FromContacts id={id} />
      </div>
    </Section>
  );
}

/** One person, who is called before all others. */
function OneLead({ id }: { id: number }) {
  const { i18n, t } = useLingui();
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [number, setNumber] = useState("");
  const give = useMutation({
    mutationFn: () =>
      answer(
        api.POST("/api/v1/campaigns/{id}/leads", {
          params: { path: { id } },
          body: { leads: [{ surname: name, numbers: [number], priority: FIRST }] },
        }),
      ),
    onSuccess: ({ added }) => {
      if (added.length) {
        setName("");
        setNumber("");
      }
      void client.invalidateQueries({ queryKey: ["campaign", id] });
    },
  });
  const why = give.data?.not_added[0]?.why;
  const known = why === undefined ? undefined : NOT_ADDED[why];
  const refusal = known ? i18n._(known) : why;
  return (
    <Way
      submit={() => {
        give.mutate();
      }}
    >
      <h3>
        <Trans>One number, called first</Trans>
      </h3>
      <p className={css.quiet}>
        <Trans>For a trial, give your own number, run the campaign, hear what customers will hear, and pause it.</Trans>
      </p>
      <div className={css.steps}>
        <TextInput
          size="sm"
          label={t`Name`}
          value={name}
          onChange={(event) => {
            setName(event.currentTarget.value);
          }}
        />
        <TextInput
          size="sm"
          label={t`Number`}
          required
          withAsterisk={false}
          value={number}
          onChange={(event) => {
            setNumber(event.currentTarget.value);
          }}
        />
        <Button type="submit" variant="default" loading={give.isPending}>
          <Trans>Give it</Trans>
        </Button>
      </div>
      <p role="status">
        {give.data?.added.length ? <Trans>It was given.</Trans> : null}
        {why !== undefined && <Trans>It was not given: {refusal}.</Trans>}
      </p>
      <Trouble error={give.error} />
    </Way>
  );
}

function FromContacts({ id }: { id: number }) {
  const { t } = useLingui();
  const formats = useFormats();
  const client = useQueryClient();
  const [q, setQ] = useState("");
  const [most, setMost] = useState("1000");
  const give = useMutation({
    mutationFn: () =>
      answer(
        api.POST("/api/v1/campaigns/{id}/leads/from-contacts", {
          params: { path: { id } },
          body: { q, most: Number(most), priority: 0 },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ["campaign", id] }),
  });
  const { found = 0, added = 0, duplicates = 0, do_not_call = 0, without_number = 0 } = give.data ?? {};
  const [all, came, there, never, none] = [found, added, duplicates, do_not_call, without_number].map(formats.number);
  return (
    <Way
      submit={() => {
        give.mutate();
      }}
    >
      <h3>
        <Trans>From the contacts</Trans>
      </h3>
      <p className={css.quiet}>
        <Trans>Those whose name or number begins so, with a number that can be called. Empty: all.</Trans>
      </p>
      <div className={css.steps}>
        <TextInput
          size="sm"
          label={t`Begins with`}
          value={q}
          onChange={(event) => {
            setQ(event.currentTarget.value);
          }}
        />
        <TextInput
          size="sm"
          type="number"
          min={1}
          max={MOST}
          required
          withAsterisk={false}
          label={t`At most`}
          value={most}
          onChange={(event) => {
            setMost(event.currentTarget.value);
          }}
        />
        <Button type="submit" variant="default" loading={give.isPending}>
          <Trans>Make leads of them</Trans>
        </Button>
      </div>
      <p role="status">
        {give.data && (
          <Trans>
            Found {all}: {came} came in, {there} were there, {never} want no calls, {none} have no number.
          </Trans>
        )}
      </p>
      <Trouble error={give.error} />
    </Way>
  );
}

function Way({ submit, children }: { submit: () => void; children: ReactNode }) {
  return (
    <form
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        submit();
      }}
    >
      {children}
    </form>
  );
}
