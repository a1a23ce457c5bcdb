import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import { Refused } from "@/api/refused";
import { BY_PLACE } from "@/parts/byPlace";
import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";
import { useActions } from "@/shell/actions";

import { offersQuery, useAsk } from "./responses";
import css from "./survey.module.css";
import { SurveyRun } from "./SurveyRun";

type Offer = NonNullable<ReturnType<typeof useOffers>["data"]>[number];

function useOffers(call: string, contact: number | null) {
  return useQuery(offersQuery(call, contact));
}

/** The surveys that belong to the call: those that were begun, and the way to ask the others; nothing where none does. */
export function Surveys({ call, contact }: { call: string; contact: number | null }) {
  const offers = useOffers(call, contact);
  const ask = useAsk(call, contact);
  const begun = offers.data?.filter((one) => one.response !== null) ?? [];
  const others = offers.data?.filter((one) => one.response === null) ?? [];
  const { t } = useLingui();
  // One that was begun is gone to by the same keys; see `SurveyRun`.
  const next = begun.length === 0 ? others.find((one) => one.problem === null) : undefined;
  const title = next?.title ?? "";
  const begin = () => {
    if (next && !ask.isPending) ask.mutate(next.survey);
  };
  useHotkeys([["alt+U", begin, BY_PLACE]], []);
  useActions(
    next ? [{ id: "survey", title: t`Ask the survey: ${title}`, icon: "survey", keys: "Alt U", run: begin }] : [],
  );
  return (
    <>
      {begun.map((one) => (
        <SurveyRun key={one.survey} id={one.response ?? 0} title={one.title} contact={contact} />
      ))}
      {(others.length > 0 || offers.error) && (
        <Section title={<Trans>Surveys</Trans>} icon="survey">
          <Trouble error={offers.error ?? ask.error} />
          <ul className={css.offers}>
            {others.map((one) => (
              <li key={one.survey}>
                <span>{one.title}</span>
                {one.problem === null ? (
                  <Button
                    size="compact-sm"
                    variant="default"
                    loading={ask.isPending}
                    onClick={() => {
                      ask.mutate(one.survey);
                    }}
                  >
                    <Trans>Ask</Trans>
                  </Button>
                ) : (
                  <Rests offer={one} />
                )}
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}

function Rests({ offer: { problem } }: { offer: Offer }) {
  const error = useMemo(() => (problem ? Refused.ofField(problem) : null), [problem]);
  return <Trouble error={error} />;
}
