import { Trans, useLingui } from "@lingui/react/macro";
import { Button, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";

import { useMe } from "@/api/session";
import { Mark } from "@/parts/Mark";
import { Trouble } from "@/parts/Trouble";

import { directoryQuery, REACHABLE_TEXTS, type Entry, type Reachability } from "./directory";
import css from "./phone.module.css";

const PAUSE_MS = 150;
const MARKS: Record<Reachability, Parameters<typeof Mark>[0]["state"]> = {
  free: "idle",
  talking: "talking",
  busy: "ringing",
  away: "offline",
};

interface Props {
  transfer: (number: string) => void;
  consult: (number: string) => void;
  close: () => void;
}

/** To whom the caller goes, by name or number: at once, or after a word with them. */
export function Transfer({ transfer, consult, close }: Props) {
  const { i18n, t } = useLingui();
  const me = useMe();
  const [typed, setTyped] = useState("");
  const [asked] = useDebouncedValue(typed.trim(), PAUSE_MS);
  const found = useQuery({ ...directoryQuery(asked), placeholderData: keepPreviousData });
  const send = useRef<HTMLButtonElement>(null);
  const number = numberOf(typed);
  const entries = found.data?.items.filter((one) => !(one.kind === "person" && one.id === me.id)) ?? [];
  const pick = (one: Entry | undefined) => {
    if (!one?.number) return;
    setTyped(one.number);
    send.current?.focus();
  };
  return (
    <form
      className={css.panel}
      aria-label={t`Transfer`}
      onSubmit={(event) => {
        event.preventDefault();
        if (number) consult(number);
        else pick(entries[0]);
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") close();
      }}
    >
      <TextInput
        label={<Trans>Name or number</Trans>}
        autoFocus
        autoComplete="off"
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
        }}
      />
      <Trouble error={found.error} />
      <ul className={css.entries} aria-label={t`Colleagues, queues and departments`}>
        {entries.map((one) => (
          <li key={`${one.kind} ${String(one.id)}`}>
            <button
              type="button"
              onClick={() => {
                pick(one);
              }}
            >
              {one.state && <Mark state={MARKS[one.state]} />}
              <b>{one.name}</b>
              <span data-figures>{one.number}</span>
              <small>{one.state ? i18n._(REACHABLE_TEXTS[one.state]) : ""}</small>
            </button>
          </li>
        ))}
      </ul>
      <div className={css.choice}>
        <Button ref={send} type="submit" size="compact-sm" disabled={!number && entries.length === 0}>
          <Trans>Ask them first</Trans>
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          disabled={!number}
          onClick={() => {
            transfer(number);
          }}
        >
          <Trans>Transfer now</Trans>
        </Button>
        <Button size="compact-sm" variant="subtle" color="gray" onClick={close}>
          <Trans>Close</Trans>
        </Button>
      </div>
    </form>
  );
}

/** What a phone would dial; empty where a name was typed. */
function numberOf(typed: string): string {
  return /\p{L}/u.test(typed) ? "" : typed.replace(/[^\d+*#]/g, "");
}
