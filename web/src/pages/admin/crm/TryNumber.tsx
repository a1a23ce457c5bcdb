import { Trans, useLingui } from "@lingui/react/macro";
import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";

import { answer, api } from "@/api/client";
import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";

import shape from "../shape/shape.module.css";
import { Tried } from "./Tried";

/** Asks the CRM of a number now, and shows each step. */
export function TryNumber() {
  const { t } = useLingui();
  const [number, setNumber] = useState("");
  const tried = useMutation({
    mutationFn: () => answer(api.POST("/api/v1/crm-lookup/try", { body: { number } })),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    tried.mutate();
  };
  return (
    <Section title={<Trans>Try it</Trans>} className={shape.below}>
      <p className={shape.hint}>
        <Trans>With the number of somebody whom the CRM knows. It is asked as it is kept: save first.</Trans>
      </p>
      <form onSubmit={submit} className={shape.actions}>
        <TextInput
          aria-label={t`Number to try`}
          placeholder="+372 5550 0123"
          type="tel"
          required
          value={number}
          onChange={(event) => {
            setNumber(event.currentTarget.value);
          }}
        />
        <Button type="submit" variant="default" loading={tried.isPending}>
          <Trans>Ask the CRM</Trans>
        </Button>
      </form>
      <Trouble error={tried.error} />
      {tried.data && <Tried tried={tried.data} />}
    </Section>
  );
}
