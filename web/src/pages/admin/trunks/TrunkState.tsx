import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";

import { answer, api } from "@/api/client";
import { useMay } from "@/api/session";
import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";
import { Waiting } from "@/parts/Waiting";

import css from "../health/health.module.css";

const LOOK_MS = 5_000;

/** Whether the PBX answers, and whether a call has come in by a trunk. */
export function TrunkState() {
  const may = useMay("queues.write");
  const setup = useQuery({
    queryKey: ["setup"],
    queryFn: () => answer(api.GET("/api/v1/setup")),
    refetchInterval: LOOK_MS,
    enabled: may,
  });
  if (!may) return null;
  const step = (name: string) => setup.data?.steps.find((one) => one.name === name);
  const pbx = step("pbx")?.done ?? false;
  const called = step("trunk")?.done ?? false;
  return (
    <Section title={<Trans>Now</Trans>}>
      <Trouble error={setup.error} />
      {setup.isPending && <Waiting lines={2} />}
      {setup.isSuccess && (
        <ul className={css.conditions}>
          <li data-ok={pbx}>
            <b>{pbx ? <Trans>ok</Trans> : <Trans>not yet</Trans>}</b>
            <span>{pbx ? <Trans>The PBX answers</Trans> : <Trans>The PBX does not answer</Trans>}</span>
          </li>
          <li data-ok={called}>
            <b>{called ? <Trans>ok</Trans> : <Trans>not yet</Trans>}</b>
            <span>
              {called ? (
                <Trans>Calls come in by the carrier's line</Trans>
              ) : (
                <Trans>No call has come in yet: dial one of your numbers from a mobile phone</Trans>
              )}
            </span>
          </li>
        </ul>
      )}
    </Section>
  );
}
