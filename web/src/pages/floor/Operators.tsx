import { Trans, useLingui } from "@lingui/react/macro";
import { TextInput } from "@mantine/core";
import { useMemo, useState } from "react";

import type { Operator } from "@/live/floor";
import { stateOf, type OperatorState } from "@/live/states";
import { sameList, useCalmLive, useLive } from "@/live/useLive";
import { Empty } from "@/parts/Empty";
import { Icon } from "@/parts/Icon";
import { Section } from "@/parts/Section";
import { useFormats } from "@/texts/format";

import css from "./floor.module.css";
import { NameOrder } from "./nameOrder";
import { OperatorCard } from "./OperatorCard";
import { StateCounts } from "./StateCounts";

const SEARCH_FROM = 12; // operators

/**
 * Everybody by name, so that each stays in their place whatever they do; those of one state alone, if it is chosen.
 */
export function Operators({ queue }: { queue: string | undefined }) {
  const { t } = useLingui();
  const formats = useFormats();
  const [typed, setTyped] = useState("");
  const [state, setState] = useState<OperatorState | null>(null);
  const wanted = typed.trim().toLocaleLowerCase();
  const count = useLive(({ floor }) => floor.operators.size);
  const order = useMemo(() => new NameOrder(formats.compare), [formats]);
  const fits = (one: Operator) =>
    (queue === undefined || one.queues.includes(queue)) && (!wanted || one.name.toLocaleLowerCase().includes(wanted));
  const ids = useCalmLive(
    ({ floor }) => order.of(floor.operators, (one) => fits(one) && (state === null || stateOf(one) === state)),
    sameList,
  );
  return (
    <Section
      title={<Trans>Operators</Trans>}
      icon="headset"
      count={ids.length}
      aside={
        count >= SEARCH_FROM && (
          <TextInput
            size="xs"
            type="search"
            aria-label={t`Find an operator`}
            placeholder={t`Find an operator`}
            leftSection={<Icon name="search" size={14} />}
            value={typed}
            onChange={(event) => {
              setTyped(event.currentTarget.value);
            }}
          />
        )
      }
    >
      <StateCounts fits={fits} chosen={state} choose={setState} />
      {ids.length === 0 && (
        <Empty>
          {count === 0 ? (
            <Trans>There are no operators yet. An administrator makes them and puts them into queues.</Trans>
          ) : (
            <Trans>Nobody here is like that now.</Trans>
          )}
        </Empty>
      )}
      <ul className={css.grid}>
        {ids.map((id) => (
          <OperatorCard key={id} id={id} />
        ))}
      </ul>
    </Section>
  );
}
