import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";

import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";
import { Waiting } from "@/parts/Waiting";

import { AnswerField } from "./AnswerField";
import { useRun } from "./runs";
import css from "./script.module.css";

/** A script that the call has begun: the step to be said now, and the way on. */
export function ScriptRun({ id }: { id: number }) {
  const { run, change, error, changing } = useRun(id);
  const last = run?.trail.at(-1)?.step;
  const over = run !== undefined && run.state !== "open";
  return (
    <Section
      title={run?.title ?? <Trans>Script</Trans>}
      icon="script"
      aside={
        run?.state === "open" && (
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            onClick={() => {
              change({ state: "broken_off" });
            }}
          >
            <Trans>Break off</Trans>
          </Button>
        )
      }
    >
      <Trouble error={error} />
      {run === undefined && error === null && <Waiting />}
      {run?.now && (
        <AnswerField
          key={run.now.code}
          step={run.now}
          changing={changing}
          keep={(typed) => {
            change({ typed: { [run.now?.code ?? ""]: typed } });
          }}
          pass={(answer) => {
            change({ pass: run.now?.code ?? "", answer });
          }}
          back={
            last === undefined
              ? undefined
              : () => {
                  change({ back: last });
                }
          }
        />
      )}
      {run?.state === "open" && run.now === null && (
        <div className={css.buttons}>
          <Button
            loading={changing}
            onClick={() => {
              change({ state: "finished" });
            }}
          >
            <Trans>Finish the script</Trans>
          </Button>
          {last !== undefined && (
            <Button
              variant="default"
              onClick={() => {
                change({ back: last });
              }}
            >
              <Trans>Back</Trans>
            </Button>
          )}
        </div>
      )}
      {over && (
        <div className={css.buttons}>
          <span role="status">
            {run.state === "finished" ? (
              <Trans>The script is finished.</Trans>
            ) : (
              <Trans>The script was broken off.</Trans>
            )}
          </span>
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => {
              change({ state: "open" });
            }}
          >
            <Trans>Open it again</Trans>
          </Button>
        </div>
      )}
    </Section>
  );
}
