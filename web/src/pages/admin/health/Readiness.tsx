import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";

import { Refused } from "@/api/refused";
import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";
import { Waiting } from "@/parts/Waiting";

import css from "./health.module.css";
import { CONDITION_TEXTS } from "./conditionTexts";

const LOOK_MS = 3_000;

interface Ready {
  ready: boolean;
  checks: Record<string, { ok: boolean; detail: string }>;
}

/** Whether calls are served and recorded now, condition by condition. */
export function Readiness() {
  const { i18n } = useLingui();
  const ready = useQuery({ queryKey: ["ready"], queryFn: ask, refetchInterval: LOOK_MS });
  return (
    <Section title={<Trans>Now</Trans>}>
      <Trouble error={ready.error} />
      {ready.isPending && <Waiting />}
      <ul className={css.conditions}>
        {Object.entries(ready.data?.checks ?? {}).map(([name, { ok, detail }]) => {
          const text = CONDITION_TEXTS[name];
          return (
            <li key={name} data-ok={ok}>
              <b>{ok ? <Trans>well</Trans> : <Trans>not well</Trans>}</b>
              <span>{text ? i18n._(text) : name}</span>
              {detail && <small>{detail}</small>}
            </li>
          );
        })}
      </ul>
    </Section>
  );
}

/** `/readyz` answers 503 with the same body while something is not well. */
async function ask(): Promise<Ready> {
  const answered = await fetch("/readyz", { cache: "no-store" }).catch(() => {
    throw new Refused(null, 0);
  });
  if (answered.status !== 200 && answered.status !== 503) throw new Refused(null, answered.status);
  return (await answered.json()) as Ready;
}
