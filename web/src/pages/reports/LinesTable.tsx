import { Trans, useLingui } from "@lingui/react/macro";
import { Table } from "@mantine/core";

import { FORMULA_TEXTS, type Subject } from "@/texts/figures";

import { named } from "./Bars";
import css from "./reports.module.css";
import { RowsLink } from "./RowsLink";
import { COLUMNS, type Line, type Report } from "./shown";

interface Props {
  report: Report;
  titleOf: (line: Line) => string;
}

/** Every figure of every line; each opens its rows. */
export function LinesTable({ report, titleOf }: Props) {
  const { i18n, t } = useLingui();
  const subject: Subject = report.subject;
  const columns = COLUMNS[subject];
  const lines = report.lines.filter((line) => Object.values(line.figures).some(Boolean));
  return (
    <div className={css.scroll} tabIndex={0} role="region" aria-label={t`Figures`}>
      <Table className={css.table} striped highlightOnHover verticalSpacing={6} horizontalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">
              <Trans>Line</Trans>
            </Table.Th>
            {columns.map((figure) => {
              const formula = FORMULA_TEXTS[figure];
              return (
                <Table.Th key={figure} scope="col" title={formula ? i18n._(formula) : undefined}>
                  {named(i18n._.bind(i18n), figure)}
                </Table.Th>
              );
            })}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {lines.map((line) => (
            <Table.Tr key={line.key}>
              <Table.Th scope="row">{titleOf(line)}</Table.Th>
              {columns.map((figure) => (
                <Table.Td key={figure}>
                  <RowsLink line={line} figure={figure} title={titleOf(line)} />
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
        <Table.Tfoot>
          <Table.Tr>
            <Table.Th scope="row">
              <Trans>All together</Trans>
            </Table.Th>
            {columns.map((figure) => (
              <Table.Td key={figure}>
                <RowsLink line={report.total} figure={figure} total title={t`All together`} />
              </Table.Td>
            ))}
          </Table.Tr>
        </Table.Tfoot>
      </Table>
    </div>
  );
}
