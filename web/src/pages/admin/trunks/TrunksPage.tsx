import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { answer, api } from "@/api/client";
import { useMay } from "@/api/session";
import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";
import { Waiting } from "@/parts/Waiting";

import { SettingRows } from "../health/SettingRows";
import shape from "../shape/shape.module.css";
import { LIMITS } from "./limits";
import { TrunkSteps } from "./TrunkSteps";
import { TrunkState } from "./TrunkState";

/** The carrier's trunks: whether they work, how one is set up, and what may go through them. */
export function TrunksPage() {
  const { t } = useLingui();
  const tariffs = useMay("tariffs.write");
  const settings = useQuery({ queryKey: ["settings"], queryFn: () => answer(api.GET("/api/v1/settings")) });
  const of = (paths: readonly string[]) => settings.data?.filter((one) => paths.includes(one.path)) ?? [];
  return (
    <div className={shape.page}>
      <header className={shape.top}>
        <div>
          <h1>
            <Trans>Carrier's trunks</Trans>
          </h1>
          <p>
            <Trans>
              The lines to the carrier belong to the PBX and stand in its files. What may go through them stands in the
              service's settings.
            </Trans>
          </p>
        </div>
      </header>
      <TrunkState />
      <TrunkSteps />
      <Trouble error={settings.error} />
      {settings.isPending && <Waiting lines={6} />}
      {settings.isSuccess && (
        <>
          <Section title={<Trans>Limits of campaigns</Trans>}>
            <p className={shape.hint}>
              <Trans>
                A trunk whose carrier allows more, or less, than others has limits of its own, by its endpoint's name.
              </Trans>
            </p>
            <SettingRows rows={of(LIMITS.campaigns)} label={t`Settings for campaigns`} />
          </Section>
          <Section
            title={<Trans>Limits of operators' calls</Trans>}
            aside={
              tariffs && (
                <Link to="/admin/$subject/$id" params={{ subject: "tariffs", id: "all" }}>
                  <Trans>Tariffs</Trans>
                </Link>
              )
            }
          >
            <p className={shape.hint}>
              <Trans>Limits of money go by the tariffs: a number that none fits costs nothing.</Trans>
            </p>
            <SettingRows rows={of(LIMITS.outgoing)} label={t`Settings for operators' calls`} />
          </Section>
          <Section title={<Trans>Limits of calls that come in</Trans>}>
            <SettingRows rows={of(LIMITS.incoming)} label={t`Settings for calls that come in`} />
          </Section>
        </>
      )}
    </div>
  );
}
