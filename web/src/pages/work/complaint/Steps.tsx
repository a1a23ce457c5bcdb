import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Textarea } from "@mantine/core";
import type { FormEvent } from "react";

import { useDraft } from "@/drafts/useDraft";

import css from "./complaint.module.css";
import type { Complaint, Step } from "./complaints";

const STEP_TEXTS: Record<Step, MessageDescriptor> = {
  started: msg`Work on it`,
  held: msg`Wait for the customer`,
  resumed: msg`Go on`,
  solved: msg`Solved`,
  rejected: msg`Reject`,
  reopened: msg`Open again`,
};

/** Steps that are not taken without a reason. */
const NEED_REASON: ReadonlySet<Step> = new Set(["solved", "rejected", "reopened"]);

interface Form {
  step: Step | null;
  why: string;
}

const EMPTY: Form = { step: null, why: "" };

interface Props {
  /** The complaint's. */
  id: number;
  may: Complaint["may"];
  busy: boolean;
  /** Takes a step; `done` is called once it is taken, so that a reason that was not sent is not lost. */
  take: (asked: { step: Step; why: string }, done?: () => void) => void;
  pass: () => void;
}

/** What can be done with a complaint now; some of it with a reason, which is kept as it is typed. */
export function Steps({ id, may, busy, take, pass }: Props) {
  const { i18n, t } = useLingui();
  const { form, change, clear } = useDraft(`keskus.step.${String(id)}`, EMPTY);
  const { step, why } = form;
  const steps = (Object.keys(STEP_TEXTS) as Step[]).filter((one) => may.includes(one));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (step === null || !why.trim()) return;
    take({ step, why }, clear);
  };
  return (
    <>
      <div className={css.steps}>
        {steps.map((one) => (
          <Button
            key={one}
            size="compact-sm"
            variant="default"
            aria-pressed={NEED_REASON.has(one) ? one === step : undefined}
            disabled={busy}
            onClick={() => {
              if (NEED_REASON.has(one)) change({ step: one });
              else take({ step: one, why: "" });
            }}
          >
            {i18n._(STEP_TEXTS[one])}
          </Button>
        ))}
        {may.includes("passed") && (
          <Button size="compact-sm" variant="default" disabled={busy} onClick={pass}>
            <Trans>Pass on</Trans>
          </Button>
        )}
      </div>
      {step !== null && (
        <form className={css.noting} onSubmit={submit}>
          <Textarea
            label={step === "solved" ? t`The solution` : t`The reason`}
            size="xs"
            autosize
            minRows={1}
            maxRows={6}
            autoFocus
            required
            value={why}
            onChange={(event) => {
              change({ why: event.currentTarget.value });
            }}
          />
          <div className={css.steps}>
            <Button type="submit" size="compact-sm" loading={busy}>
              {i18n._(STEP_TEXTS[step])}
            </Button>
            <Button size="compact-sm" variant="default" onClick={clear}>
              <Trans>Back</Trans>
            </Button>
          </div>
        </form>
      )}
    </>
  );
}
