import { Trans, useLingui } from "@lingui/react/macro";
import { Button, TextInput } from "@mantine/core";
import { useState } from "react";

import css from "./phone.module.css";

interface Props {
  transfer: (number: string) => void;
  consult: (number: string) => void;
  close: () => void;
}

/** To whom the caller goes: at once, or after a word with them. */
export function Transfer({ transfer, consult, close }: Props) {
  const { t } = useLingui();
  const [number, setNumber] = useState("");
  const typed = number.replace(/[^\d+*#]/g, "");
  return (
    <form
      className={css.panel}
      aria-label={t`Transfer`}
      onSubmit={(event) => {
        event.preventDefault();
        if (typed) consult(typed);
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") close();
      }}
    >
      <TextInput
        label={<Trans>To whom</Trans>}
        inputMode="tel"
        autoFocus
        value={number}
        onChange={(event) => {
          setNumber(event.currentTarget.value);
        }}
      />
      <div className={css.choice}>
        <Button type="submit" size="compact-sm" disabled={!typed}>
          <Trans>Ask them first</Trans>
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          disabled={!typed}
          onClick={() => {
            transfer(typed);
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
