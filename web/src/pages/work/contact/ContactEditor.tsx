import { Trans, useLingui } from "@lingui/react/macro";
import { ActionIcon, Button, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { FormEvent, KeyboardEvent } from "react";

import { answer, api } from "@/api/client";
import { contactQuery } from "@/api/queries";
import { Refused } from "@/api/refused";
import { useDraft } from "@/drafts/useDraft";
import { Clash } from "@/parts/Clash";
import { Icon } from "@/parts/Icon";
import { Trouble } from "@/parts/Trouble";
import { LANGUAGES } from "@/texts/languages";

import contactCss from "../contact.module.css";
import css from "../work.module.css";
import {
  bodyOf,
  both,
  clashesOf,
  editOf,
  fieldsOf,
  mergedOf,
  settled,
  textOf,
  type Contact,
  type Edit,
  type Field,
  type Fields,
} from "./fields";

interface Props {
  contact: Contact;
  /** It is over; `undo`: the edit that takes the change back, where there was one. */
  done: (undo: Edit | null) => void;
}

const MOST = 20_000; // characters of a note

/** Changes a contact; what others have changed meanwhile stands beside it, and nobody's work is lost. */
export function ContactEditor({ contact, done }: Props) {
  const { t } = useLingui();
  const client = useQueryClient();
  const now = fieldsOf(contact);
  const { form, change, clear } = useDraft<Edit>(editOf(contact.id), { base: now, mine: now });
  const shown = mergedOf(form, now);
  const clashes = clashesOf(form, now);
  const save = useMutation({
    mutationFn: () =>
      answer(
        api.PUT("/api/v1/contacts/{id}", {
          params: { path: { id: contact.id }, header: { "If-Match": `"${String(contact.version)}"` } },
          body: bodyOf(contact, shown),
        }),
      ),
    onSuccess: (saved) => {
      client.setQueryData(contactQuery(contact.id).queryKey, saved);
      clear();
      done({ base: fieldsOf(saved), mine: now });
    },
    onError: (error) => {
      if (error instanceof Refused && error.code === "version.passed") {
        void client.invalidateQueries({ queryKey: contactQuery(contact.id).queryKey });
      }
    },
  });
  const type = (changes: Partial<Fields>) => {
    change({ base: form.base, mine: { ...form.mine, ...changes } });
  };
  const submit = (event: FormEvent | KeyboardEvent) => {
    event.preventDefault();
    if (clashes.length === 0 && !save.isPending) save.mutate();
  };
  const text = (field: Exclude<Field, "phones" | "emails">) => ({
    size: "xs",
    value: shown[field],
    onChange: (event: { currentTarget: { value: string } }) => {
      type({ [field]: event.currentTarget.value });
    },
  });
  const passed = save.error instanceof Refused && save.error.code === "version.passed";
  const isPerson = contact.kind === "person";
  return (
    <form
      className={css.picker}
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === "Enter" && event.ctrlKey) submit(event);
      }}
    >
      {isPerson && <TextInput label={t`Given name`} autoFocus {...text("given_name")} />}
      {isPerson && <TextInput label={t`Surname`} {...text("surname")} />}
      <TextInput label={isPerson ? t`Employer` : t`Company`} {...text("company_name")} />
      {isPerson && <TextInput label={t`Job title`} {...text("job_title")} />}
      <Reaches
        label={t`Number`}
        add={t`Another number`}
        type="tel"
        rows={shown.phones}
        change={(phones) => {
          type({ phones });
        }}
      />
      <Reaches
        label={t`E-mail`}
        add={t`Another e-mail`}
        type="email"
        rows={shown.emails}
        change={(emails) => {
          type({ emails });
        }}
      />
      <NativeSelect
        label={t`Language`}
        {...text("language")}
        data={[
          { value: "", label: t`not known` },
          ...Object.entries(LANGUAGES).map(([value, label]) => ({ value, label })),
          ...(shown.language in LANGUAGES || !shown.language ? [] : [shown.language]),
        ]}
      />
      <Textarea
        label={t`What everybody should know`}
        autosize
        minRows={2}
        maxRows={8}
        maxLength={MOST}
        {...text("note")}
      />
      {clashes.map((field) => (
        <Clash
          key={field}
          what={<FieldName field={field} />}
          mine={textOf(form.mine[field])}
          theirs={textOf(now[field])}
          keepMine={() => {
            change(settled(form, now, field, form.mine[field]));
          }}
          keepTheirs={() => {
            change(settled(form, now, field, now[field]));
          }}
          keepBoth={
            field === "note" || field === "phones" || field === "emails"
              ? () => {
                  change(settled(form, now, field, both(now[field], form.mine[field])));
                }
              : undefined
          }
        />
      ))}
      <Trouble error={passed ? null : save.error} />
      {passed && clashes.length === 0 && (
        <p role="status" className={css.about}>
          <Trans>Somebody else has changed the contact meanwhile; their changes are here, too. Save again.</Trans>
        </p>
      )}
      <div className={css.buttons}>
        <Button type="submit" size="compact-md" loading={save.isPending} disabled={clashes.length > 0}>
          <Trans>Save</Trans>
        </Button>
        <Button
          size="compact-md"
          variant="default"
          onClick={() => {
            clear();
            done(null);
          }}
        >
          <Trans>Back</Trans>
        </Button>
      </div>
    </form>
  );
}

interface ReachesProps {
  label: string;
  add: string;
  type: "tel" | "email";
  rows: Fields["phones"];
  change: (rows: Fields["phones"]) => void;
}

function Reaches({ label, add, type, rows, change }: ReachesProps) {
  const { t } = useLingui();
  const put = (at: number, changes: Partial<Fields["phones"][number]>) => {
    change(rows.map((row, place) => (place === at ? { ...row, ...changes } : row)));
  };
  return (
    <fieldset className={contactCss.reaches}>
      {rows.map((row, at) => {
        const what = row.value;
        return (
          <div key={at}>
            <TextInput
              size="xs"
              type={type}
              aria-label={label}
              placeholder={label}
              value={row.value}
              onChange={(event) => {
                put(at, { value: event.currentTarget.value });
              }}
            />
            <TextInput
              size="xs"
              aria-label={t`What it is`}
              placeholder={t`What it is`}
              value={row.label}
              onChange={(event) => {
                put(at, { label: event.currentTarget.value });
              }}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t`Take out ${what}`}
              onClick={() => {
                change(rows.filter((_, place) => place !== at));
              }}
            >
              <Icon name="close" size={16} />
            </ActionIcon>
          </div>
        );
      })}
      <Button
        size="compact-xs"
        variant="subtle"
        leftSection={<Icon name="plus" size={13} />}
        onClick={() => {
          change([...rows, { value: "", label: "", preferred: false }]);
        }}
      >
        {add}
      </Button>
    </fieldset>
  );
}

function FieldName({ field }: { field: Field }) {
  switch (field) {
    case "given_name":
      return <Trans>Given name</Trans>;
    case "surname":
      return <Trans>Surname</Trans>;
    case "company_name":
      return <Trans>Company</Trans>;
    case "job_title":
      return <Trans>Job title</Trans>;
    case "language":
      return <Trans>Language</Trans>;
    case "phones":
      return <Trans>Numbers</Trans>;
    case "emails":
      return <Trans>E-mails</Trans>;
    default:
      return <Trans>What everybody should know</Trans>;
  }
}
