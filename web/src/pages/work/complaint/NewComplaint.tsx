import { Trans, useLingui } from "@lingui/react/macro";
import { Button, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ChangeEvent, FormEvent, KeyboardEvent } from "react";

import { answer, api } from "@/api/client";
import type { components } from "@/api/contract";
import { complaintCategoriesQuery } from "@/api/queries";
import { useDraft } from "@/drafts/useDraft";
import { Keys } from "@/parts/Keys";
import { Trouble } from "@/parts/Trouble";
import { useLanguage } from "@/texts/speaking";
import { SEVERITY_TEXTS } from "@/texts/states";

import { titleOf } from "../disposing";
import css from "../work.module.css";

type Severity = components["schemas"]["Severity"];

interface Props {
  /** The customer; null: nobody knows yet. */
  contact: number | null;
  call: string;
  /** Called with the id of what was made; null: it was given up. */
  done: (made: number | null) => void;
}

interface Form {
  subject: string;
  text: string;
  wish: string;
  /** The category's id; empty: none. */
  category: string;
  /** Empty: that of the category. */
  severity: Severity | "";
  /** Names the sending: sent twice, it is made once. */
  key: string;
}

const EMPTY: Form = { subject: "", text: "", wish: "", category: "", severity: "", key: "" };
const MOST_SUBJECT = 200; // characters

/** Where the draft of a call's complaint is kept. */
export function draftOf(call: string): string {
  return `keskus.complaint.${call}`;
}

/** A complaint that the customer makes in this call; what is typed is kept until it is sent. */
export function NewComplaint({ contact, call, done }: Props) {
  const { i18n, t } = useLingui();
  const language = useLanguage();
  const client = useQueryClient();
  const { form, change, clear } = useDraft(draftOf(call), EMPTY);
  const categories = useQuery(complaintCategoriesQuery);
  const make = useMutation({
    mutationFn: () =>
      answer(
        api.POST("/api/v1/complaints", {
          params: { header: { "Idempotency-Key": form.key } },
          body: {
            subject: form.subject,
            text: form.text,
            wish: form.wish,
            category: form.category ? Number(form.category) : null,
            severity: form.severity || null,
            contact,
            call,
          },
        }),
      ),
    onSuccess: async ({ id }) => {
      clear();
      done(id);
      await client.invalidateQueries({ queryKey: ["complaint", "in", call] });
    },
  });
  const typed = (field: Exclude<keyof Form, "key">) => ({
    value: form[field],
    onChange: (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>) => {
      change({ [field]: event.currentTarget.value, key: crypto.randomUUID() });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!make.isPending && form.subject.trim()) make.mutate();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && event.ctrlKey) submit(event);
  };
  return (
    <form className={css.picker} onSubmit={submit} onKeyDown={onKeyDown}>
      <TextInput label={t`What it is about`} required autoFocus maxLength={MOST_SUBJECT} {...typed("subject")} />
      <Textarea label={t`What the customer says`} autosize minRows={3} maxRows={10} {...typed("text")} />
      <Textarea label={t`What the customer wishes`} autosize minRows={1} maxRows={5} {...typed("wish")} />
      <NativeSelect
        label={t`Category`}
        {...typed("category")}
        data={[
          { value: "", label: t`none` },
          ...(categories.data ?? [])
            .filter((one) => one.active !== false)
            .map((one) => ({ value: String(one.id), label: titleOf(one, language) })),
        ]}
      />
      <NativeSelect
        label={t`How bad it is`}
        {...typed("severity")}
        data={[
          { value: "", label: t`as its category says` },
          ...(Object.keys(SEVERITY_TEXTS) as Severity[]).map((one) => ({
            value: one,
            label: i18n._(SEVERITY_TEXTS[one]),
          })),
        ]}
      />
      <Trouble error={make.error ?? categories.error} />
      <div className={css.buttons}>
        <Button type="submit" loading={make.isPending} rightSection={<Keys keys="Ctrl ⏎" />}>
          <Trans>Make the complaint</Trans>
        </Button>
        <Button
          variant="default"
          onClick={() => {
            clear();
            done(null);
          }}
        >
          <Trans>Give up</Trans>
        </Button>
      </div>
    </form>
  );
}
