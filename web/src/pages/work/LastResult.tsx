import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { attemptQuery } from "@/api/queries";
import { phone } from "@/texts/format";
import { useLanguage } from "@/texts/speaking";

import { Disposition } from "./Disposition";
import css from "./disposition.module.css";

interface Props {
  attempt: string;
  campaign: number;
  /** My id as an operator. */
  mine: number;
}

/** What my last call of a campaign came to; it may be corrected while no other call is there. */
export function LastResult({ attempt, campaign, mine }: Props) {
  const language = useLanguage();
  const [corrects, setCorrects] = useState(false);
  const { data: about } = useQuery(attemptQuery(attempt));
  if (corrects) return <Disposition attempt={attempt} campaign={campaign} required={false} mine={mine} />;
  if (!about?.disposition) return null;
  const who = about.name || phone(about.number);
  const result = about.disposition_titles[language] ?? about.disposition_title;
  return (
    <p className={css.lastResult}>
      <span>
        <Trans>Last call of a campaign: {who}</Trans> · <b>{result}</b>
      </span>
      <Button
        size="compact-sm"
        variant="default"
        onClick={() => {
          setCorrects(true);
        }}
      >
        <Trans>Correct</Trans>
      </Button>
    </p>
  );
}
