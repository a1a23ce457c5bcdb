import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";

import { useMay } from "@/api/session";
import { useDraft } from "@/drafts/useDraft";
import { useClock } from "@/live/clock";
import { Trouble } from "@/parts/Trouble";
import { Waiting } from "@/parts/Waiting";
import { useFormats } from "@/texts/format";

import { complaintQuery, useWorkOn } from "./complaints";
import css from "./complaint.module.css";
import { PassComplaint } from "./PassComplaint";
import { Steps } from "./Steps";

const MINUTE_MS = 60_000;
const MOST = 20_000; // characters
const EMPTY = { text: "", key: "" };

interface Props {
  id: number;
  call: string | null;
  talks: boolean;
}

/** All of a complaint: what was said, who passed it on and why, notes, and what can be done with it. */
export function ComplaintDetails({ id, call, talks }: Props) {
  const { t } = useLingui();
  const formats = useFormats();
  const writes = useMay("complaints.write");
  const now = useClock((at) => Math.floor(at / MINUTE_MS) * MINUTE_MS);
  const complaint = useQuery(complaintQuery(id));
  const { step, note } = useWorkOn(id, call);
  const { form, change, clear } = useDraft(`keskus.complaint_note.${String(id)}`, EMPTY);
  const [passes, setPasses] = useState(false);
  const found = complaint.data;
  const passed = found?.history.findLast((one) => one.kind === "passed");
  const passer = passed?.by_name ?? "";
  const add = (event: FormEvent) => {
    event.preventDefault();
    if (form.text.trim()) note.mutate(form, { onSuccess: clear });
  };
  return (
    <div className={css.details}>
      <Trouble error={complaint.error ?? step.error ?? note.error} />
      {complaint.isPending && <Waiting />}
      {found && (
        <>
          {passed && (
            <p className={css.passed}>
              <small>
                <Trans>Passed on by {passer}</Trans> · {formats.moment(passed.at, now)}
              </small>
              {passed.why}
            </p>
          )}
          {found.text && <p>{found.text}</p>}
          {found.wish && (
            <p>
              <small>
                <Trans>What the customer wishes</Trans>
              </small>
              {found.wish}
            </p>
          )}
          {found.notes.length > 0 && (
            <ul className={css.notes} aria-label={t`Notes on the complaint`}>
              {found.notes.map((one) => (
                <li key={one.id}>
                  <span>{one.text}</span>
                  <small>
                    {one.by_name} · {formats.moment(one.at, now)}
                  </small>
                </li>
              ))}
            </ul>
          )}
          {writes && (
            <form className={css.noting} onSubmit={add}>
              <Textarea
                aria-label={t`Note on the complaint`}
                placeholder={t`Note on the complaint`}
                size="xs"
                autosize
                minRows={1}
                maxRows={6}
                maxLength={MOST}
                value={form.text}
                onChange={(event) => {
                  change({ text: event.currentTarget.value, key: crypto.randomUUID() });
                }}
                onKeyDown={(event) => {
                  if (event.key === "Enter" && event.ctrlKey) add(event);
                }}
              />
              <Button type="submit" size="compact-sm" variant="default" loading={note.isPending}>
                <Trans>Add</Trans>
              </Button>
            </form>
          )}
          {writes && !passes && (
            <Steps
              id={id}
              may={found.may}
              busy={step.isPending}
              take={(asked, done) => {
                step.mutate(asked, { onSuccess: done });
              }}
              pass={() => {
                setPasses(true);
              }}
            />
          )}
          {passes && (
            <PassComplaint
              id={id}
              call={call}
              talks={talks}
              done={() => {
                setPasses(false);
              }}
            />
          )}
        </>
      )}
    </div>
  );
}
