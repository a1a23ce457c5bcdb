import { Trans, useLingui } from "@lingui/react/macro";
import { Button, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";

import { answer, api } from "@/api/client";
import { Trouble } from "@/parts/Trouble";
import { phone, useFormats } from "@/texts/format";

import css from "./consents.module.css";
import { PURPOSES, WORDS, type Consent } from "./words";

/** What somebody said: for whom, of which calls, from where, how long; it is ended with a reason that stays on file. */
export function KeptRow({ one }: { one: Consent }) {
  const { i18n, t } = useLingui();
  const formats = useFormats();
  const client = useQueryClient();
  const [reason, setReason] = useState<string | null>(null);
  const end = useMutation({
    mutationFn: () =>
      answer(
        api.POST("/api/v1/consents/{id}/removal", { params: { path: { id: one.id } }, body: { reason: reason ?? "" } }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ["consent"] }),
  });
  const given = formats.date(one.given_at);
  const until = one.until === null ? "" : formats.date(one.until);
  const ended = one.removed_at === null ? "" : formats.date(one.removed_at);
  const number = one.number === null ? "" : phone(one.number);
  const contact = String(one.contact);
  const campaign = String(one.campaign);
  const whom = number || contact;
  return (
    <li>
      <b className={one.word === "do_not_call" ? css.never : undefined}>{i18n._(WORDS[one.word])}</b>
      {number ? (
        <span data-figures>
          {number} {one.unreadable && <Trans>(cannot be dialled)</Trans>}
        </span>
      ) : (
        <Link to="/look" search={{ look: `contact:${contact}` }}>
          <Trans>contact {contact}</Trans>
        </Link>
      )}
      <span>
        {one.purpose === null ? <Trans>every purpose</Trans> : i18n._(PURPOSES[one.purpose])}
        {one.campaign !== null && (
          <>
            , <Trans>campaign {campaign}</Trans>
          </>
        )}
      </span>
      <span>
        {one.source}
        <small>
          {" "}
          <Trans>since {given}</Trans>
          {until && (
            <>
              , <Trans>until {until}</Trans>
            </>
          )}
          {ended && (
            <>
              ; <Trans>ended {ended}</Trans>: {one.removed_reason}
            </>
          )}
        </small>
      </span>
      <span className={css.acts}>
        {!ended && reason === null && (
          <Button
            size="compact-sm"
            variant="default"
            aria-label={t`End it… (${whom})`}
            onClick={() => {
              setReason("");
            }}
          >
            <Trans>End it…</Trans>
          </Button>
        )}
      </span>
      {!ended && reason !== null && (
        <form
          className={css.fields}
          onSubmit={(event: FormEvent) => {
            event.preventDefault();
            end.mutate();
          }}
        >
          <TextInput
            size="sm"
            label={t`Why; it stays on file`}
            required
            withAsterisk={false}
            maxLength={200}
            autoFocus
            value={reason}
            onChange={(event) => {
              setReason(event.currentTarget.value);
            }}
          />
          <Button size="sm" type="submit" loading={end.isPending}>
            <Trans>End it</Trans>
          </Button>
          <Button
            size="sm"
            variant="default"
            onClick={() => {
              setReason(null);
            }}
          >
            <Trans>Let it hold</Trans>
          </Button>
        </form>
      )}
      <Trouble error={end.error} />
    </li>
  );
}
