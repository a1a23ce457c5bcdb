import { Trans, useLingui } from "@lingui/react/macro";

import type { components } from "@/api/contract";
import { Empty } from "@/parts/Empty";

import shape from "../shape/shape.module.css";
import css from "./file.module.css";
import { LIST_TEXTS } from "./listTexts";

/** What a file changes, entry by entry. */
export function Differences({ brought }: { brought: components["schemas"]["Brought"] }) {
  const { i18n, t } = useLingui();
  const { dry_run, differences } = brought;
  return (
    <div className={css.differences} role="status">
      {!dry_run && (
        <p className={shape.saved}>
          <Trans>It was brought in.</Trans>
        </p>
      )}
      {differences.length === 0 ? (
        <Empty>
          <Trans>The centre has all that the file says: nothing changes.</Trans>
        </Empty>
      ) : (
        <div className={shape.scroll} tabIndex={0} role="region" aria-label={t`What changes`}>
          <table className={shape.table}>
            <thead>
              <tr>
                <th scope="col">
                  <Trans>What</Trans>
                </th>
                <th scope="col">
                  <Trans>Kind</Trans>
                </th>
                <th scope="col">
                  <Trans>Change</Trans>
                </th>
              </tr>
            </thead>
            <tbody>
              {differences.map(({ kind, name, made, fields }) => {
                const known = LIST_TEXTS[kind];
                return (
                  <tr key={`${kind}.${name}`}>
                    <th scope="row">{name}</th>
                    <td>{known ? i18n._(known) : kind}</td>
                    <td>{made ? <Trans>new</Trans> : fields.join(", ")}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}
