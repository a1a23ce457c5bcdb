import { Trans, useLingui } from "@lingui/react/macro";
import { Table } from "@mantine/core";

import { useFormats } from "@/texts/format";

import { timeOf } from "./NeedsChart";
import type { PartOfDay } from "./queries";
import css from "./reports.module.css";

/** What each half hour needs, with bounds. */
export function NeedsTable({ parts }: { parts: readonly PartOfDay[] }) {
  const { t } = useLingui();
  const formats = useFormats();
  const bounds = (low: number, high: number) => `${formats.number(low)} – ${formats.number(high)}`;
  return (
    <div className={css.scroll} tabIndex={0} role="region" aria-label={t`Figures`}>
      <Table className={css.table} striped highlightOnHover verticalSpacing={6} horizontalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">
              <Trans>Half hour</Trans>
            </Table.Th>
            <Table.Th scope="col">
              <Trans>Calls expected</Trans>
            </Table.Th>
            <Table.Th scope="col">
              <Trans>in eight days of ten</Trans>
            </Table.Th>
            <Table.Th scope="col">
              <Trans>Operators needed</Trans>
            </Table.Th>
            <Table.Th scope="col">
              <Trans>in eight days of ten</Trans>
            </Table.Th>
            <Table.Th scope="col">
              <Trans>At work, with breaks</Trans>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {parts.map((part) => (
            <Table.Tr key={part.begins}>
              <Table.Th scope="row">{timeOf(part)}</Table.Th>
              <Table.Td>{formats.number(part.calls)}</Table.Td>
              <Table.Td>{bounds(part.calls_low, part.calls_high)}</Table.Td>
              <Table.Td>
                <b>{formats.number(part.operators)}</b>
              </Table.Td>
              <Table.Td>{bounds(part.operators_low, part.operators_high)}</Table.Td>
              <Table.Td>{formats.number(part.at_work)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
