import { Trans, useLingui } from "@lingui/react/macro";

import type { components } from "@/api/contract";
import { useFormats } from "@/texts/format";

import shape from "../shape/shape.module.css";
import { OUTCOME_TEXTS, WHY_TEXTS } from "./outcomeTexts";

/** What the CRM told of a number, and each request that was made for it. */
export function Tried({ tried }: { tried: components["schemas"]["TriedOut"] }) {
  const { i18n, t } = useLingui();
  const { number } = useFormats();
  const { found, steps } = tried;
  const took = number(tried.took_ms);
  return (
    <div role="status" className={shape.below}>
      <p>
        {found ? (
          <>
            <b>{found.name || found.id}</b> {found.company}{" "}
            {found.url && (
              <a href={found.url} target="_blank" rel="noreferrer">
                <Trans>page in the CRM</Trans>
              </a>
            )}
          </>
        ) : (
          <b>
            <Trans>Nobody was found.</Trans>
          </b>
        )}{" "}
        <Trans>It took {took} ms.</Trans>
      </p>
      <div className={shape.scroll} tabIndex={0} role="region" aria-label={t`Steps`}>
        <table className={shape.table}>
          <thead>
            <tr>
              <th scope="col">
                <Trans>Request</Trans>
              </th>
              <th scope="col">
                <Trans>Answer</Trans>
              </th>
              <th scope="col">
                <Trans>Outcome</Trans>
              </th>
            </tr>
          </thead>
          <tbody>
            {steps.map((step, at) => {
              const why = WHY_TEXTS[step.detail];
              return (
                <tr key={at}>
                  <th scope="row">
                    {step.method} {step.address || step.scenario}
                  </th>
                  <td>{step.status ?? "–"}</td>
                  <td>
                    {i18n._(OUTCOME_TEXTS[step.outcome])}
                    {why ? `: ${i18n._(why)}` : step.detail && `: ${step.detail}`}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </div>
  );
}
