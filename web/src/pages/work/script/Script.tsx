import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { useMay } from "@/api/session";
import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";

import { scriptOfCallQuery, useBegin } from "./runs";
import css from "./script.module.css";
import { ScriptRun } from "./ScriptRun";

/** What to say in this call, step by step; nothing where no script is for it. */
export function Script({ call }: { call: string }) {
  const answers = useMay("scripts.answer");
  const script = useQuery(scriptOfCallQuery(call));
  const begin = useBegin(call);
  const found = script.data;
  const open = found?.runs.find((run) => run.state === "open") ?? found?.runs[0];
  if (open !== undefined) return <ScriptRun id={open.id} />;
  if (found === undefined || found.offers.length === 0) return <Trouble error={script.error} />;
  return (
    <Section title={found.offers[0]?.title} icon="script">
      {found.first && <p className={css.said}>{found.first.text}</p>}
      <Trouble error={begin.error} />
      {answers && (
        <div className={css.buttons}>
          {found.offers.map((offer, at) => (
            <Button
              key={offer.script}
              size="compact-md"
              variant={at === 0 ? "filled" : "default"}
              loading={begin.isPending}
              onClick={() => {
                begin.mutate(offer.script);
              }}
            >
              {at === 0 ? <Trans>Begin the script</Trans> : offer.title}
            </Button>
          ))}
        </div>
      )}
    </Section>
  );
}
