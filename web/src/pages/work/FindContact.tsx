import { Trans, useLingui } from "@lingui/react/macro";
import { Button, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { contactSearchQuery } from "@/api/queries";
import { Empty } from "@/parts/Empty";
import { Icon } from "@/parts/Icon";
import { Trouble } from "@/parts/Trouble";
import { phone } from "@/texts/format";

import css from "./work.module.css";

const PAUSE_MS = 150;

/** Finds a contact by name, number or e-mail as one types. */
export function FindContact({ picked, cancel }: { picked: (id: number) => void; cancel: () => void }) {
  const { t } = useLingui();
  const [typed, setTyped] = useState("");
  const [asked] = useDebouncedValue(typed.trim(), PAUSE_MS);
  const found = useQuery({ ...contactSearchQuery(asked), enabled: asked !== "", placeholderData: keepPreviousData });
  return (
    <div className={css.picker}>
      <TextInput
        label={t`Name, number or e-mail`}
        leftSection={<Icon name="search" size={16} />}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
        }}
        autoFocus
      />
      <Trouble error={found.error} />
      {asked !== "" && found.data?.length === 0 && (
        <Empty>
          <Trans>Nobody is found. Type less, or make a new contact.</Trans>
        </Empty>
      )}
      {asked !== "" &&
        found.data?.map(({ contact }) => (
          <Button
            key={contact.id}
            variant="light"
            h="auto"
            mih={46}
            py={6}
            justify="flex-start"
            onClick={() => {
              picked(contact.id);
            }}
          >
            <span className={css.candidate}>
              <b>{contact.name}</b>
              <small>
                {[contact.company_name, phone(contact.phones[0]?.number ?? "")].filter(Boolean).join(" · ")}
              </small>
            </span>
          </Button>
        ))}
      <div className={css.buttons}>
        <Button variant="default" onClick={cancel}>
          <Trans>Back</Trans>
        </Button>
      </div>
    </div>
  );
}
