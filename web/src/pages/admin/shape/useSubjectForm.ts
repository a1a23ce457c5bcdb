import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { useLanguage } from "@/texts/speaking";

import { forget, keep, kept } from "./drafts";
import { faultsOf, NO_FAULTS, type Faults } from "./faults";
import { withValue, type Form } from "./paths";
import type { AnySubject, Tagged } from "./subject";

interface Saved {
  id: string;
  /** The tag that undoing has to name. */
  tag: string;
  /** What it was before; null: it was made. */
  former: Form | null;
  /** It as the service answered, with what is shown only once. */
  answered: unknown;
}

/**
 * The form of one thing: what is typed, kept over a reload, and sent.
 *
 * @param start the thing as the service has it; null: a new one.
 * @param begun what a new one begins with beside its blank.
 */
export function useSubjectForm(subject: AnySubject, id: string, start: Tagged<unknown> | null, begun?: object) {
  const client = useQueryClient();
  const place = `keskus.admin.${subject.name}.${id}`;
  const given = (start ? subject.form(start.data) : { ...subject.blank, ...begun }) as Form;
  const [draft, setDraft] = useState(() => kept(place));
  const [saved, setSaved] = useState<Saved | null>(null);
  const form = draft?.form ?? given;
  const tag = draft?.tag ?? start?.tag ?? "";

  const giveUp = () => {
    forget(place);
    setDraft(null);
    save.reset();
  };
  const read = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ["admin", subject.name] }),
      client.invalidateQueries({ queryKey: ["options"] }),
      client.invalidateQueries({ queryKey: ["uses"] }),
      client.invalidateQueries({ queryKey: ["setup"] }),
    ]);
  const save = useMutation({
    mutationFn: async (over: boolean) => {
      if (start === null) return { data: (await subject.make?.(form)) as unknown, tag: "" };
      const now = over ? ((await subject.read?.(id)) as Tagged<unknown>) : null;
      return (await subject.change?.(id, form, now?.tag ?? tag)) as Tagged<unknown>;
    },
    onSuccess: async (done) => {
      if (start) client.setQueryData(["admin", subject.name, "one", id], done);
      giveUp();
      setSaved({ id: subject.id(done.data), tag: done.tag, former: start ? given : null, answered: done.data });
      await read();
    },
  });
  const undo = useMutation({
    mutationFn: async (last: Saved) => {
      if (last.former === null) await subject.remove?.(last.id, last.tag || "*");
      else return await subject.change?.(last.id, last.former, last.tag);
    },
    onSuccess: async (done) => {
      if (done) client.setQueryData(["admin", subject.name, "one", id], done);
      giveUp();
      setSaved(null);
      await read();
    },
  });
  return {
    form,
    changed: draft !== null,
    faults: useFaults(save.error),
    saved,
    save,
    undo,
    giveUp,
    change: (path: string, value: unknown) => {
      const next = { form: withValue(form, path, value), tag };
      setDraft(next);
      keep(place, next, subject.fields);
      setSaved(null);
    },
    /** Takes what others made of it meanwhile. */
    takeTheirs: async () => {
      giveUp();
      await read();
    },
  };
}

function useFaults(error: Error | null): Faults {
  const language = useLanguage();
  const [said, setSaid] = useState<{ error: Error; faults: Faults } | null>(null);
  useEffect(() => {
    let gone = false;
    if (error !== null) {
      void faultsOf(error, language).then((faults) => {
        if (!gone) setSaid({ error, faults });
      });
    }
    return () => {
      gone = true;
    };
  }, [error, language]);
  return said !== null && said.error === error ? said.faults : NO_FAULTS;
}
