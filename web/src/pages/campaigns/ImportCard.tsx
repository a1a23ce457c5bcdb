import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Progress, Table } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { Remarks } from "@/parts/Remarks";
import { Trouble } from "@/parts/Trouble";
import { Waiting } from "@/parts/Waiting";
import { duration, useFormats } from "@/texts/format";

import css from "./campaigns.module.css";
import { moves, previewQuery, step, type Import, type Step } from "./queries";
import { IMPORT_STATES } from "./words";

const WHOLE = 100; // percent
const STARTABLE: ReadonlySet<Import["state"]> = new Set(["uploaded", "checked", "cancelled", "cut_off", "failed"]);
const LOOKED_AT: ReadonlySet<Import["state"]> = new Set(["uploaded", "checked"]);

/** One file: how far it is, what came in and what did not, and what may be done with it. */
export function ImportCard({ one }: { one: Import }) {
  const { i18n, t } = useLingui();
  const formats = useFormats();
  const client = useQueryClient();
  const act = useMutation({
    mutationFn: (what: Step) => step(one.id, what),
    onSettled: () => client.invalidateQueries({ queryKey: ["import"] }),
  });
  const name = one.name || `#${String(one.id)}`;
  const button = (what: Step, text: ReactNode, filled = false) => (
    <Button
      size="compact-sm"
      variant={filled ? "filled" : "default"}
      loading={act.isPending && act.variables === what}
      onClick={() => {
        act.mutate(what);
      }}
    >
      {text}
    </Button>
  );
  return (
    <li className={css.import} aria-label={name}>
      <header>
        <b>{name}</b>
        <span>{i18n._(IMPORT_STATES[one.state])}</span>
      </header>
      {moves(one) && (
        <div className={css.progress}>
          <Progress value={one.progress * WHOLE} aria-label={t`Progress of ${name}`} />
          {one.eta_s !== null && <small>{duration(one.eta_s)}</small>}
        </div>
      )}
      <dl className={css.counts}>
        <Count name={<Trans>Rows</Trans>} value={formats.number(one.rows)} />
        <Count
          name={one.dry_run ? <Trans>Would come in</Trans> : <Trans>Came in</Trans>}
          value={formats.number(one.added)}
        />
        <Count name={<Trans>There already</Trans>} value={formats.number(one.duplicates)} />
        <Count name={<Trans>Rejected</Trans>} value={formats.number(one.rejected)} />
        {one.removed > 0 && <Count name={<Trans>Taken out again</Trans>} value={formats.number(one.removed)} />}
      </dl>
      {one.note && (
        <p className={css.note}>
          <Remarks of={one.fault ? [one.fault] : []} otherwise={one.note} />
        </p>
      )}
      {LOOKED_AT.has(one.state) && <Preview one={one} />}
      <div className={css.acts}>
        {one.state === "uploaded" && button("dry", <Trans>Try it: only count</Trans>)}
        {STARTABLE.has(one.state) && button("start", <Trans>Bring the leads in</Trans>, true)}
        {(one.state === "queued" || one.state === "running") && button("cancel", <Trans>Stop</Trans>)}
        {!moves(one) && !one.dry_run && one.added > one.removed && button("undo", <Trans>Undo</Trans>)}
        {one.rejected > 0 && !moves(one) && (
          <Button
            component="a"
            size="compact-sm"
            variant="default"
            download
            href={`/api/v1/imports/${String(one.id)}/rejected`}
          >
            <Trans>Rejected rows as a file</Trans>
          </Button>
        )}
        {!moves(one) && button("forget", <Trans>Forget the file</Trans>)}
      </div>
      <Trouble error={act.error} />
    </li>
  );
}

function Count({ name, value }: { name: ReactNode; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd data-figures>{value}</dd>
    </div>
  );
}

/** What was guessed of each column, and the first rows as they would come in. */
function Preview({ one }: { one: Import }) {
  const { t } = useLingui();
  const found = useQuery(previewQuery(one.id, one.state));
  if (found.isPending) return <Waiting />;
  if (found.isError) return <Trouble error={found.error} />;
  const rows = found.data.preview;
  return (
    <div className={css.scroll} tabIndex={0} role="region" aria-label={t`First rows of the file`}>
      <Table className={css.preview} verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">
              <Trans>Row</Trans>
            </Table.Th>
            <Table.Th scope="col">
              <Trans>Name</Trans>
            </Table.Th>
            <Table.Th scope="col">
              <Trans>Numbers</Trans>
            </Table.Th>
            <Table.Th scope="col">
              <Trans>Why not</Trans>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.row}>
              <Table.Th scope="row">{row.row}</Table.Th>
              <Table.Td>{row.name}</Table.Td>
              <Table.Td>{row.numbers.join(", ")}</Table.Td>
              <Table.Td>
                <Remarks of={[...row.faults, ...row.unread]} otherwise={row.why} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
