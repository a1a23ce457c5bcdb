import { useLingui } from "@lingui/react/macro";
import { UnstyledButton } from "@mantine/core";

import type { Operator } from "@/live/floor";
import { OPERATOR_STATES, stateOf, type OperatorState } from "@/live/states";
import { sameList, useCalmLive } from "@/live/useLive";
import { Mark } from "@/parts/Mark";
import { STATE_TEXTS } from "@/texts/states";

import css from "./floor.module.css";

interface Props {
  /** Who is counted. */
  fits: (operator: Operator) => boolean;
  chosen: OperatorState | null;
  choose: (state: OperatorState | null) => void;
}

/** How many operators are in each state; a click shows them alone. */
export function StateCounts({ fits, chosen, choose }: Props) {
  const { i18n, t } = useLingui();
  const counts = useCalmLive(({ floor }) => {
    const byState = new Map<OperatorState, number>();
    for (const one of floor.operators.values())
      if (fits(one)) byState.set(stateOf(one), (byState.get(stateOf(one)) ?? 0) + 1);
    return OPERATOR_STATES.map((state) => byState.get(state) ?? 0);
  }, sameList);
  return (
    <div className={css.states} role="group" aria-label={t`Only those who are`}>
      {OPERATOR_STATES.map((state, at) =>
        counts[at] || state === chosen ? (
          <UnstyledButton
            key={state}
            aria-pressed={state === chosen}
            onClick={() => {
              choose(state === chosen ? null : state);
            }}
          >
            <Mark state={state} size={12} />
            <b data-figures>{counts[at]}</b>
            {i18n._(STATE_TEXTS[state])}
          </UnstyledButton>
        ) : null,
      )}
    </div>
  );
}
