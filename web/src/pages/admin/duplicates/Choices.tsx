import { Trans, useLingui } from "@lingui/react/macro";

import type { components } from "@/api/contract";
import { useOwnFieldTitles } from "@/api/ownFields";

import shape from "../shape/shape.module.css";
import css from "./duplicates.module.css";
import { FIELD_TEXTS } from "./fieldTexts";

interface Props {
  choices: components["schemas"]["ChoiceOut"][];
  names: readonly string[];
  /** The fields in which the other contact's value wins. */
  take: readonly string[];
  change: (take: string[]) => void;
}

/** The fields of both, side by side; where they differ, one is chosen. */
export function Choices({ choices, names, take, change }: Props) {
  const { i18n, t } = useLingui();
  const titleOf = useOwnFieldTitles();
  const [first = "", second = ""] = names;
  const said = choices.filter(({ mine, theirs }) => [mine, theirs].some((value) => value !== null && value !== ""));
  return (
    <div className={shape.scroll}>
      <table className={shape.table} aria-label={t`Fields of ${first} and ${second}`}>
        <thead>
          <tr>
            <th scope="col">
              <Trans>Field</Trans>
            </th>
            <th scope="col">
              <Trans>Stays</Trans>
            </th>
            <th scope="col">
              <Trans>Goes into it</Trans>
            </th>
          </tr>
        </thead>
        <tbody>
          {said.map(({ field, mine, theirs }) => {
            const known = FIELD_TEXTS[field];
            const name = known ? i18n._(known) : titleOf(field.replace(/^fields\./, ""));
            const differs = mine !== theirs && mine !== null && theirs !== null;
            const other = take.includes(field);
            const pick = (takes: boolean) => {
              const rest = take.filter((one) => one !== field);
              change(takes ? [...rest, field] : rest);
            };
            return (
              <tr key={field}>
                <th scope="row">{name}</th>
                {[mine, theirs].map((value, at) => {
                  const shown = value === null ? "–" : String(value);
                  return (
                    <td key={at}>
                      {differs ? (
                        <label className={css.choice}>
                          <input
                            type="radio"
                            name={`${first}.${second}.${field}`}
                            checked={other === (at === 1)}
                            onChange={() => {
                              pick(at === 1);
                            }}
                          />
                          {shown}
                        </label>
                      ) : (
                        shown
                      )}
                    </td>
                  );
                })}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
