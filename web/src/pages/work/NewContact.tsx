import { Trans, useLingui } from "@lingui/react/macro";
import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { FormEvent } from "react";

import { answer, api } from "@/api/client";
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

/** A new contact with the caller's number; the call belongs to it. */
export function NewContact({ call, number, name, made, cancel }: Props) {
  const { t } = useLingui();
  const make = useMutation({
    mutationFn: ({ given, surname }: { given: string; surname: string }) =>
      answer(
        api.POST("/api/v1/calls/{id}/contacts", {
          params: { path: { id: call } },
          body: { given_name: given, surname },
        }),
      ),
    onSuccess: ({ id }) => {
      made(id);
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget);
    make.mutate({ given: String(typed.get("given") ?? ""), surname: String(typed.get("surname") ?? "") });
  };
  const [given = "", ...rest] = name.split(" ");
  return (
    <form className={css.picker} onSubmit={submit}>
      <TextInput name="given" label={t`Given name`} defaultValue={given} autoFocus />
      <TextInput name="surname" label={t`Surname`} defaultValue={rest.join(" ")} required />
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
        <Button variant="default" onClick={cancel}>
          <Trans>Back</Trans>
        </Button>
      </div>
    </form>
  );
}
