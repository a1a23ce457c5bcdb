import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";

import { answer, api } from "@/api/client";
import type { components } from "@/api/contract";
import { useMay } from "@/api/session";
import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";

import css from "../shape/shape.module.css";
import { Account } from "./Account";

/** An operator's phone: its account with a new secret, when it is asked for. */
export function OperatorPhone({ one }: { one: components["schemas"]["OperatorOut"] }) {
  const may = useMay("operators.write");
  const renew = useMutation({
    mutationFn: () => answer(api.POST("/api/v1/operators/{id}/softphone-secret", { params: { path: { id: one.id } } })),
  });
  if (!may) return null;
  return (
    <Section title={<Trans>Phone</Trans>} icon="phone" className={css.below}>
      <p className={css.hint}>
        <Trans>
          The secret of a phone is shown once. A new one ends the registration with the old one; a talk goes on to its
          end.
        </Trans>
      </p>
      {renew.data && <Account sip={renew.data} />}
      <Trouble error={renew.error} />
      <div className={css.buttons}>
        <Button
          variant="default"
          loading={renew.isPending}
          onClick={() => {
            renew.mutate();
          }}
        >
          <Trans>Make a new secret and show it</Trans>
        </Button>
      </div>
    </Section>
  );
}
