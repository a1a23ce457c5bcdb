import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Navigate } from "@tanstack/react-router";

import { useMay, useMe } from "@/api/session";
import { Trouble } from "@/parts/Trouble";
import { Waiting } from "@/parts/Waiting";

import { groupsOf } from "../groups";
import shape from "../shape/shape.module.css";
import css from "./setup.module.css";
import { setupQuery } from "./setupQuery";
import { StepRow } from "./StepRow";

const LOOK_MS = 2_000;

/** Where administration begins: with the first steps; for whoever may not take them, with what they may set up. */
export function SetupPage() {
  const may = useMay("queues.write");
  const first = groupsOf(useMe())[0]?.places[0];
  return may || first === undefined ? <FirstSteps /> : <Navigate to={first.to} replace />;
}

/** The way from an empty installation to the first answered call; the service says what is done. */
function FirstSteps() {
  const setup = useQuery({
    ...setupQuery,
    refetchInterval: ({ state }) => (state.data?.done ? false : LOOK_MS),
  });
  const steps = setup.data?.steps ?? [];
  const next = steps.find((one) => !one.done && one.name !== "trunk");
  return (
    <>
      <header className={shape.top}>
        <div>
          <h1>
            <Trans>First steps</Trans>
          </h1>
          <p>
            <Trans>From an empty installation to the first answered call. What is done is ticked by itself.</Trans>
          </p>
        </div>
      </header>
      <Trouble error={setup.error} />
      {setup.isPending && <Waiting lines={7} />}
      {setup.data?.done && (
        <div role="status" className={shape.saved}>
          <Trans>The centre works: a call has come in, and was answered.</Trans>
        </div>
      )}
      <ol className={css.steps}>
        {steps.map((step) => (
          <StepRow key={step.name} step={step} next={step === next} />
        ))}
      </ol>
    </>
  );
}
