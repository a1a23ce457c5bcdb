import { Trans, useLingui } from "@lingui/react/macro";
import { Button, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";

import { answer, api } from "@/api/client";
import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";
import { phone } from "@/texts/format";

import css from "./consents.module.css";
import { endOf, NOTHING, WordFields } from "./WordFields";

/** What somebody said about being called. */
export function WriteDown() {
  const { t } = useLingui();
  const client = useQueryClient();
  const [number, setNumber] = useState("");
  const [said, setSaid] = useState(NOTHING);
  const write = useMutation({
    mutationFn: () =>
      answer(
        api.POST("/api/v1/consents", {
          body: {
            word: said.word,
            number,
            purpose: said.purpose || null,
            source: said.source,
            until: endOf(said.until),
            note: "",
          },
        }),
      ),
    onSuccess: () => {
      setNumber("");
      void client.invalidateQueries({ queryKey: ["consent"] });
    },
  });
  const numbers = write.data ? [write.data, ...write.data.also].map((one) => phone(one.number ?? "")).join(", ") : "";
  return (
    <Section title={<Trans>Write down what somebody said</Trans>} icon="note">
      <form
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          write.mutate();
        }}
      >
        <div className={css.fields}>
          <TextInput
            size="sm"
            label={t`Number`}
            description={t`One or several, as typed.`}
            required
            withAsterisk={false}
            value={number}
            onChange={(event) => {
              setNumber(event.currentTarget.value);
            }}
          />
          <WordFields said={said} change={setSaid} />
          <Button type="submit" loading={write.isPending}>
            <Trans>Write it down</Trans>
          </Button>
        </div>
      </form>
      <p role="status">{numbers && <Trans>It holds from now on for {numbers}.</Trans>}</p>
      <Trouble error={write.error} />
    </Section>
  );
}
