import { Trans } from "@lingui/react/macro";

import type { components } from "@/api/contract";
import { Section } from "@/parts/Section";

import css from "../shape/shape.module.css";

/** A new token, which is shown this once. */
export function NewToken({ one }: { one: unknown }) {
  const { token } = one as components["schemas"]["NewToken"];
  return (
    <Section title={<Trans>The new token</Trans>}>
      <p className={css.hint}>
        <Trans>
          Enter it into the program now; it is not shown again. The program sends it with each request, as
          “Authorization: Bearer”.
        </Trans>
      </p>
      <code className={css.secret}>{token}</code>
    </Section>
  );
}
