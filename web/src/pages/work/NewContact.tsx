import { Trans, useLingui } from "@lingui/react/macro";
import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";

import { answer, api } from "@/api/client";
import { useDraft } from "@/drafts/useDraft";
import { Trouble } from "@/parts/Trouble";
import { phone } from "@/texts/format";

import css from "./work.module.css";

interface Props {
  call: string;
  /** The caller's number; empty: withheld. */
  number: string;
  /** The name that the carrier sent; empty for none. */
  name: string;
  made: (id: number) => void;
  cancel: () => void;
}

/** Where the names of a call's new contact are kept as they are typed. */
export function newContactOf(call: string): string {
  return `keskus.new_contact.${call}`;
}

/** A new contact with the caller's number; the call belongs to it. */
export function NewContact({ call, number, name, made, cancel }: Props) {
  const { t } = useLingui();
  const [empty] = useState(() => {
    const [given = "", ...rest] = name.split(" ");
    return { given, surname: rest.join(" ") };
  });
  const { form, change, clear } = useDraft(newContactOf(call), empty);
  const make = useMutation({
    mutationFn: () =>
      answer(
        api.POST("/api/v1/calls/{id}/contacts", {
          params: { path: { id: call } },
          body: { given_name: form.given, surname: form.surname },
        }),
      ),
    onSuccess: ({ id }) => {
      clear();
      made(id);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate();
  };
  return (
    <form className={css.picker} onSubmit={submit}>
      <TextInput
        label={t`Given name`}
        value={form.given}
        onChange={(event) => {
          change({ given: event.currentTarget.value });
        }}
        autoFocus
      />
      <TextInput
        label={t`Surname`}
        value={form.surname}
        onChange={(event) => {
          change({ surname: event.currentTarget.value });
        }}
        required
      />
      {number && (
        <p className={css.about}>
          <Trans>Number</Trans>: <b data-figures>{phone(number)}</b>
        </p>
      )}
      <Trouble error={make.error} />
      <div className={css.buttons}>
        <Button type="submit" loading={make.isPending}>
          <Trans>Make the contact</Trans>
        </Button>
        <Button
          variant="default"
          onClick={() => {
            clear();
            cancel();
          }}
        >
          <Trans>Back</Trans>
        </Button>
      </div>
    </form>
  );
}
