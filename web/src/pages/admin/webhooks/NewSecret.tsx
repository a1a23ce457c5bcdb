import { Trans } from "@lingui/react/macro";

import type { components } from "@/api/contract";
import { Section } from "@/parts/Section";

import css from "../shape/shape.module.css";

/** The secret of a new webhook, which is shown this once. */
export function NewSecret({ one }: { one: unknown }) {
  const { secret } = one as components["schemas"]["WebhookMade"];
  return (
    <Section title={<Trans>The webhook's secret</Trans>}>
      <p className={css.hint}>
        <Trans>The receiver checks signatures by it. It is not shown again.</Trans>
      </p>
      <code className={css.secret}>{secret}</code>
    </Section>
  );
}
