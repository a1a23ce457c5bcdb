import { useLingui } from "@lingui/react/macro";
import { NativeSelect, TextInput } from "@mantine/core";

import { PURPOSES, WORDS, type Purpose, type Word } from "./words";

/** What is written down for a number. */
export interface Said {
  word: Word;
  purpose: Purpose | "";
  source: string;
  /** The day on which it ends; empty: it holds until it is ended. */
  until: string;
}

export const NOTHING: Said = { word: "do_not_call", purpose: "", source: "", until: "" };

/** When a day is over here. */
export function endOf(day: string): string | null {
  return day ? new Date(`${day}T23:59:59`).toISOString() : null;
}

interface Props {
  said: Said;
  change: (said: Said) => void;
}

/** What somebody said, of which calls, where it comes from, and until when it holds. */
export function WordFields({ said, change }: Props) {
  const { i18n, t } = useLingui();
  return (
    <>
      <NativeSelect
        size="sm"
        label={t`What holds`}
        value={said.word}
        onChange={(event) => {
          change({ ...said, word: event.currentTarget.value as Word });
        }}
        data={Object.entries(WORDS).map(([value, text]) => ({ value, label: i18n._(text) }))}
      />
      <NativeSelect
        size="sm"
        label={t`For calls of`}
        value={said.purpose}
        onChange={(event) => {
          change({ ...said, purpose: event.currentTarget.value as Purpose | "" });
        }}
        data={[
          { value: "", label: t`every purpose` },
          ...Object.entries(PURPOSES).map(([value, text]) => ({ value, label: i18n._(text) })),
        ]}
      />
      <TextInput
        size="sm"
        label={t`Where it comes from`}
        placeholder={t`letter of 3 March`}
        required
        withAsterisk={false}
        maxLength={100}
        value={said.source}
        onChange={(event) => {
          change({ ...said, source: event.currentTarget.value });
        }}
      />
      <TextInput
        size="sm"
        type="date"
        label={t`Until`}
        value={said.until}
        onChange={(event) => {
          change({ ...said, until: event.currentTarget.value });
        }}
      />
    </>
  );
}
