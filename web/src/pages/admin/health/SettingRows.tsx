import { Trans } from "@lingui/react/macro";

import type { components } from "@/api/contract";

import shape from "../shape/shape.module.css";
import css from "./health.module.css";

interface Props {
  rows: readonly components["schemas"]["SettingOut"][];
  /** What the table is called. */
  label: string;
}

/** Settings: what each means, its value, and where it comes from. */
export function SettingRows({ rows, label }: Props) {
  return (
    <div className={shape.scroll} tabIndex={0} role="region" aria-label={label}>
      <table className={shape.table}>
        <thead>
          <tr>
            <th scope="col">
              <Trans>Setting</Trans>
            </th>
            <th scope="col">
              <Trans>Value</Trans>
            </th>
            <th scope="col">
              <Trans>Comes from</Trans>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((one) => (
            <tr key={one.path}>
              <th scope="row">
                {one.path}
                <small className={css.about} lang="en">
                  {one.about}
                </small>
              </th>
              <td>
                <code>{one.value}</code>
              </td>
              <td>
                {one.origin === "default" ? <Trans>nobody: the default</Trans> : one.origin}
                <small>
                  <code>{one.variable}</code>
                </small>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
