import { Trans, useLingui } from "@lingui/react/macro";
import { Button, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { answer, api } from "@/api/client";
import { useMay } from "@/api/session";
import { useLiveStore, useOperatorName } from "@/live/useLive";
import { Empty } from "@/parts/Empty";
import { HeldButton } from "@/parts/HeldButton";
import { PhoneNumber } from "@/parts/PhoneNumber";
import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";
import { useFormats } from "@/texts/format";

import css from "./campaigns.module.css";
import { callbacksQuery, type Lead } from "./queries";

/** Who asked to be called back, when and by whom; each may be moved, or taken back. */
export function Callbacks({ id }: { id: number }) {
  const found = useQuery(callbacksQuery(id));
  return (
    <Section title={<Trans>Callbacks</Trans>} icon="clock" count={found.data?.items.length}>
      <Trouble error={found.error} />
      {found.data?.items.length === 0 && (
        <Empty>
          <Trans>Nobody has asked to be called back.</Trans>
        </Empty>
      )}
      <ul className={css.rows}>
        {found.data?.items.map((lead) => (
          <Callback key={lead.id} lead={lead} />
        ))}
      </ul>
    </Section>
  );
}

function Callback({ lead }: { lead: Lead }) {
  const { t } = useLingui();
  const formats = useFormats();
  const { line } = useLiveStore();
  const operator = useOperatorName(lead.callback_operator);
  const writes = useMay("leads.write");
  const client = useQueryClient();
  const [at, setAt] = useState<string | null>(null);
  const params = { path: { id: lead.id } };
  const read = () => client.invalidateQueries({ queryKey: ["campaign", lead.campaign] });
  const change = useMutation({
    mutationFn: () => {
      const body = { at: new Date(at ?? "").toISOString(), operator: lead.callback_operator };
      return answer(api.PUT("/api/v1/leads/{id}/callback", { params, body }));
    },
    onSuccess: () => {
      setAt(null);
      void read();
    },
  });
  const takeBack = async () => {
    await answer(api.DELETE("/api/v1/leads/{id}/callback", { params }));
    await read();
  };
  const name = [lead.surname, lead.given_name].filter(Boolean).join(" ") || lead.company_name;
  const when = lead.callback_at === null ? "" : formats.moment(lead.callback_at, line.now());
  return (
    <li>
      <span>
        <b>{when}</b> {name} <PhoneNumber number={lead.numbers[0]?.number ?? ""} /> ·{" "}
        {operator || <Trans>by anybody</Trans>}
      </span>
      {at === null ? (
        <span className={css.acts}>
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => {
              setAt("");
            }}
          >
            <Trans>Another time</Trans>
          </Button>
          {writes && (
            <HeldButton
              id={`callback ${String(lead.id)}`}
              size="compact-xs"
              text={<Trans>Take back: call like any other</Trans>}
              held={<Trans>It is taken back.</Trans>}
              act={takeBack}
            />
          )}
        </span>
      ) : (
        <span className={css.acts}>
          <TextInput
            size="xs"
            type="datetime-local"
            aria-label={t`When to call ${name}`}
            value={at}
            onChange={(event) => {
              setAt(event.currentTarget.value);
            }}
          />
          <Button
            size="xs"
            disabled={!at}
            loading={change.isPending}
            onClick={() => {
              change.mutate();
            }}
          >
            <Trans>Save</Trans>
          </Button>
          <Button
            size="xs"
            variant="default"
            onClick={() => {
              setAt(null);
            }}
          >
            <Trans>Not now</Trans>
          </Button>
        </span>
      )}
      <Trouble error={change.error} />
    </li>
  );
}
