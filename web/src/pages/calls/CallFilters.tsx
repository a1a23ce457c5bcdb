import { useLingui } from "@lingui/react/macro";
import { NativeSelect, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import { useLive } from "@/live/useLive";
import { useFormats } from "@/texts/format";
import { OUTCOME_TEXTS } from "@/texts/states";

import { DIRECTIONS, OUTCOMES, type CallSearch } from "./asking";
import css from "./calls.module.css";
import { DIRECTION_TEXTS } from "./told";

/** Of which days, queue, operator, outcome and number calls are looked for. */
export function CallFilters({ search }: { search: CallSearch }) {
  const { i18n, t } = useLingui();
  const formats = useFormats();
  const navigate = useNavigate({ from: "/calls" });
  const queues = useLive(({ floor }) => floor.queues);
  const operators = useLive(({ floor }) => floor.operators);
  // What is typed stands until it is looked for; after that, and with a saved search, what is looked for stands there.
  const [typed, setTyped] = useState({ over: search.number, text: search.number ?? "" });
  const number = typed.over === search.number ? typed.text : (search.number ?? "");
  const change = (changes: CallSearch) => {
    void navigate({ search: (before) => ({ ...before, ...changes }), replace: true, resetScroll: false });
  };
  const people = [...operators.values()].sort((one, other) => formats.compare(one.name, other.name));
  return (
    <div className={css.filters} role="search" aria-label={t`Which calls`}>
      <TextInput
        type="date"
        size="xs"
        label={t`First day`}
        value={search.from ?? ""}
        onChange={(event) => {
          change({ from: event.currentTarget.value || undefined });
        }}
      />
      <TextInput
        type="date"
        size="xs"
        label={t`Last day`}
        value={search.to ?? ""}
        onChange={(event) => {
          change({ to: event.currentTarget.value || undefined });
        }}
      />
      <TextInput
        type="search"
        size="xs"
        label={t`Number`}
        value={number}
        onChange={(event) => {
          setTyped({ over: search.number, text: event.currentTarget.value });
        }}
        onBlur={(event) => {
          change({ number: event.currentTarget.value.trim() || undefined });
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter") change({ number: event.currentTarget.value.trim() || undefined });
        }}
      />
      <NativeSelect
        size="xs"
        label={t`Queue`}
        value={search.queue ?? ""}
        onChange={(event) => {
          change({ queue: event.currentTarget.value || undefined });
        }}
        data={[
          { value: "", label: t`all queues` },
          ...[...queues.values()].map((one) => ({ value: one.id, label: one.title })),
        ]}
      />
      <NativeSelect
        size="xs"
        label={t`Operator`}
        value={search.operator ?? ""}
        onChange={(event) => {
          change({ operator: Number(event.currentTarget.value) || undefined });
        }}
        data={[
          { value: "", label: t`all operators` },
          ...people.map((one) => ({ value: String(one.id), label: one.name })),
        ]}
      />
      <NativeSelect
        size="xs"
        label={t`Outcome`}
        value={search.outcome ?? ""}
        onChange={(event) => {
          change({ outcome: OUTCOMES.find((one) => one === event.currentTarget.value) });
        }}
        data={[
          { value: "", label: t`all outcomes` },
          ...OUTCOMES.map((one) => {
            const text = OUTCOME_TEXTS[one];
            return { value: one as string, label: text ? i18n._(text) : one };
          }),
        ]}
      />
      <NativeSelect
        size="xs"
        label={t`Kind`}
        value={search.direction ?? ""}
        onChange={(event) => {
          change({ direction: DIRECTIONS.find((one) => one === event.currentTarget.value) });
        }}
        data={[
          { value: "", label: t`all kinds` },
          ...DIRECTIONS.map((one) => ({ value: one as string, label: i18n._(DIRECTION_TEXTS[one]) })),
        ]}
      />
    </div>
  );
}
