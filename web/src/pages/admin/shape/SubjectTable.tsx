import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";

import { Empty } from "@/parts/Empty";
import { useFormats } from "@/texts/format";

import { fitting } from "./fitting";
import css from "./shape.module.css";
import type { AnySubject } from "./subject";
import { useSay } from "./useSay";

interface Props {
  subject: AnySubject;
  all: unknown[];
  /** What was typed to search for, in all cells; empty: all are shown. */
  wanted: string;
}

/** The rows of a list; each one leads to its form. */
export function SubjectTable({ subject, all, wanted }: Props) {
  const { i18n } = useLingui();
  const say = useSay();
  const { compare } = useFormats();
  const rows = all
    .map((one) => ({
      id: subject.id(one),
      active: subject.active?.(one) ?? true,
      cells: subject.columns.map((column) => column.cell(one, say)),
    }))
    .filter(({ cells }) => fitting(cells, wanted));
  if (!subject.searches) {
    rows.sort(
      (one, other) => Number(other.active) - Number(one.active) || compare(one.cells[0] ?? "", other.cells[0] ?? ""),
    );
  }
  if (rows.length === 0) {
    return (
      <Empty>
        <Trans>Nothing fits. Search with fewer words.</Trans>
      </Empty>
    );
  }
  return (
    <div className={css.scroll} tabIndex={0} role="region" aria-label={i18n._(subject.title)}>
      <table className={css.table}>
        <thead>
          <tr>
            {subject.columns.map((column, at) => (
              <th key={at} scope="col">
                {i18n._(column.title)}
              </th>
            ))}
            {subject.active && (
              <th scope="col">
                <Trans>State</Trans>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ id, active, cells: [first, ...others] }) => (
            <tr key={id} data-out={active ? undefined : true}>
              <th scope="row">
                <Link to="/admin/$subject/$id" params={{ subject: subject.name, id }}>
                  {first || id}
                </Link>
              </th>
              {others.map((cell, at) => (
                <td key={at}>{cell}</td>
              ))}
              {subject.active && <td>{active ? <Trans>in use</Trans> : <Trans>out of use</Trans>}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
