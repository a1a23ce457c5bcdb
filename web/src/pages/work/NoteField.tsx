import { Trans, useLingui } from "@lingui/react/macro";
import { Textarea } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { useRef } from "react";

import { useNote } from "@/notes/notes";
import type { NoteState } from "@/notes/noteKeeper";
import { BY_PLACE } from "@/parts/byPlace";
import { Clash } from "@/parts/Clash";
import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";
import { useActions } from "@/shell/actions";

import css from "./work.module.css";

const MOST = 20_000; // characters

/** What I write down about the call; kept with each letter, and nothing has to be pressed. */
export function NoteField({ call, contact }: { call: string; contact: number | null }) {
  const { t } = useLingui();
  const note = useNote(call, contact);
  const field = useRef<HTMLTextAreaElement>(null);
  const focus = () => field.current?.focus();
  useHotkeys([["alt+N", focus, BY_PLACE]], []);
  useActions([{ id: "notes", title: t`To the notes of the call`, icon: "note", keys: "Alt N", run: focus }]);
  return (
    <Section
      title={<Trans>Notes</Trans>}
      icon="note"
      aside={
        <span className={css.about} role="status">
          {said(note.state, contact)}
        </span>
      }
    >
      <Textarea
        ref={field}
        aria-label={t`Notes`}
        placeholder={t`What the customer wants, what you agreed…`}
        autosize
        minRows={4}
        maxRows={14}
        maxLength={MOST}
        value={note.text}
        onChange={(event) => {
          note.type(event.currentTarget.value);
        }}
      />
      <Trouble error={note.error} />
      {note.theirs !== null && (
        <Clash
          what={<Trans>Notes</Trans>}
          mine={note.text}
          theirs={note.theirs}
          keepMine={() => {
            note.settle(note.text);
          }}
          keepTheirs={() => {
            note.settle(note.theirs ?? "");
          }}
          keepBoth={() => {
            note.settle(`${note.theirs ?? ""}\n${note.text}`);
          }}
        />
      )}
    </Section>
  );
}

function said(state: NoteState, contact: number | null) {
  switch (state) {
    case "saved":
      return <Trans>Saved</Trans>;
    case "saving":
      return <Trans>Saving…</Trans>;
    case "here":
      return contact === null ? (
        <Trans>Kept here; saved once you say who is calling</Trans>
      ) : (
        <Trans>Kept here; sent when the service answers</Trans>
      );
    case "clash":
      return <Trans>Kept here: choose what stays</Trans>;
    case "refused":
      return <Trans>Kept here, not saved</Trans>;
    default:
      return "";
  }
}
