import { Trans } from "@lingui/react/macro";

import type { components } from "@/api/contract";
import { Section } from "@/parts/Section";

import { Account } from "./Account";

type NewOperator = components["schemas"]["NewOperator"];

/** The account of an operator's new phone, which is shown this once. */
export function NewPhone({ one }: { one: unknown }) {
  const { sip } = one as NewOperator;
  if (!sip) return null;
  return (
    <Section title={<Trans>The phone's account</Trans>} icon="phone">
      <Account sip={sip} />
    </Section>
  );
}
