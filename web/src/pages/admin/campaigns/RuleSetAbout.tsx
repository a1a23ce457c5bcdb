import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";

import { ruleSetsQuery } from "@/api/queries";
import { useFormats } from "@/texts/format";
import { useLanguage, useLocale } from "@/texts/speaking";

import { useFormState } from "../shape/FormContext";
import shape from "../shape/shape.module.css";
import { weekdays } from "../shape/week";

const HOUR_S = 3600;

/** What the chosen rule set asks of the campaign; which one suits the centre, while none is chosen. */
export function RuleSetAbout() {
  const { t } = useLingui();
  const { form } = useFormState();
  const formats = useFormats();
  const names = weekdays(useLocale());
  const language = useLanguage();
  const { data } = useQuery(ruleSetsQuery);
  const rules = data?.find((one) => one.id === form.rule_set);
  const suggested = data?.find((one) => one.suggested)?.titles[language];
  if (!rules) {
    return suggested ? (
      <p className={shape.about}>
        <Trans>For this centre's country: {suggested}.</Trans>
      </p>
    ) : null;
  }
  const limit = rules.abandon_limit === null ? "" : formats.percent(rules.abandon_limit);
  const connect = formats.number(rules.connect_s ?? 0);
  const rest = formats.number((rules.redial_after_abandoned_s ?? 0) / HOUR_S);
  const ring = formats.number(rules.ring_min_s ?? 0);
  const hours = rules.hours
    ?.map((day, at) => `${names[at] ?? ""} ${day ? `${day.opens}–${day.closes}` : t`closed`}`)
    .join(", ");
  return (
    <div className={shape.about} role="note" aria-label={t`What the rule set asks`}>
      <ul>
        <li>{hours ? <Trans>Hours: {hours}.</Trans> : <Trans>It has no hours: set them below.</Trans>}</li>
        {rules.consent_for?.includes("marketing") && (
          <li>
            <Trans>For marketing, persons are called only with their consent on file.</Trans>
          </li>
        )}
        {limit && (
          <li>
            <Trans>At most {limit} of those who answer may find no operator.</Trans>
          </li>
        )}
        {rules.connect_s !== null && (
          <li>
            <Trans>An operator must be there within {connect} s after the answer.</Trans>
          </li>
        )}
        {rules.ring_min_s !== null && (
          <li>
            <Trans>A call rings for {ring} s at least.</Trans>
          </li>
        )}
        {rules.redial_after_abandoned_s !== null && (
          <li>
            <Trans>A number that found no operator rests for {rest} h.</Trans>
          </li>
        )}
        {rules.message && (
          <li>
            <Trans>Whoever finds no operator hears who called.</Trans>
          </li>
        )}
        {rules.holidays === false && (
          <li>
            <Trans>Nobody is called on public holidays.</Trans>
          </li>
        )}
        {rules.notes && <li>{rules.notes_by_language[language]}</li>}
      </ul>
    </div>
  );
}
