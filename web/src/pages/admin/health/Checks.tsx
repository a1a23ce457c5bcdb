import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";

import { answer, api } from "@/api/client";
import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";

import shape from "../shape/shape.module.css";
import css from "./health.module.css";

/** Tries everything that the service needs, when it is asked to. */
export function Checks() {
  const check = useMutation({ mutationFn: () => answer(api.POST("/api/v1/checks")) });
  return (
    <Section
      title={<Trans>Check of the installation</Trans>}
      aside={
        <Button
          size="compact-sm"
          variant="default"
          loading={check.isPending}
          onClick={() => {
            check.mutate();
          }}
        >
          <Trans>Check now</Trans>
        </Button>
      }
    >
      <p className={shape.hint}>
        <Trans>As “keskus check” does: databases, disks, the PBX, phones' accounts, openings to strangers.</Trans>
      </p>
      <Trouble error={check.error} />
      <ul className={css.conditions} aria-live="polite">
        {check.data?.map(({ title, findings, impossible }) => (
          <li key={title} data-ok={findings.length === 0 && !impossible}>
            <b>
              {findings.length > 0 ? (
                <Trans>not well</Trans>
              ) : impossible ? (
                <Trans>not known</Trans>
              ) : (
                <Trans>well</Trans>
              )}
            </b>
            <span lang="en">{title}</span>
            {impossible && <small lang="en">{impossible}</small>}
            {findings.map(({ what, remedy }) => (
              <small key={what} lang="en">
                {what} → {remedy}
              </small>
            ))}
          </li>
        ))}
      </ul>
    </Section>
  );
}
