import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";

import css from "./shape.module.css";
import type { AnySubject } from "./subject";

interface Props {
  subject: AnySubject;
  id: string;
  tag: string;
  gone: () => void;
}

/** Takes a thing away for good, which nothing else can do; asked twice, because it cannot be undone. */
export function Removal({ subject, id, tag, gone }: Props) {
  const { i18n } = useLingui();
  const client = useQueryClient();
  const [sure, setSure] = useState(false);
  const remove = useMutation({
    mutationFn: async () => {
      await subject.remove?.(id, tag);
    },
    onSuccess: async () => {
      gone();
      await client.invalidateQueries({ queryKey: ["admin", subject.name, "list"] });
      await client.invalidateQueries({ queryKey: ["options"] });
    },
  });
  return (
    <Section title={<Trans>Take away</Trans>}>
      <p className={css.hint}>
        {subject.removal ? (
          i18n._(subject.removal)
        ) : (
          <Trans>Refused while something leads to it. Records of what happened stay.</Trans>
        )}
      </p>
      <Trouble error={remove.error} />
      <div className={css.buttons}>
        {sure ? (
          <>
            <Button
              color="red"
              loading={remove.isPending}
              onClick={() => {
                remove.mutate();
              }}
            >
              <Trans>Take it away for good</Trans>
            </Button>
            <Button
              variant="default"
              onClick={() => {
                setSure(false);
              }}
            >
              <Trans>Keep it</Trans>
            </Button>
          </>
        ) : (
          <Button
            variant="default"
            onClick={() => {
              setSure(true);
            }}
          >
            <Trans>Take away…</Trans>
          </Button>
        )}
      </div>
    </Section>
  );
}
