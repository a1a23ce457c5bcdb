import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient, type QueryKey } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { Empty } from "@/parts/Empty";
import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";

import css from "./shape.module.css";

/** Something that was sent, as a row shows it. */
export interface Sent {
  id: string | number;
  /** A cell for each head. */
  cells: ReactNode[];
  state: string;
  /** Why it failed; empty: it did not. */
  error: string;
  failed: boolean;
  /** What the button says to those who do not see the row. */
  againLabel: string;
}

interface Props<Row> {
  title: ReactNode;
  aside?: ReactNode;
  empty: ReactNode;
  /** The table's name. */
  name: string;
  heads: ReactNode[];
  queryKey: QueryKey;
  read: () => Promise<{ items: Row[] }>;
  show: (row: Row) => Sent;
  again: (row: Row) => Promise<unknown>;
  againText: ReactNode;
  /** What went wrong beside it. */
  error?: Error | null;
}

/** What another program was sent last; what was given up is sent again by a click. */
export function SentList<Row>(props: Props<Row>) {
  const { title, aside, empty, name, heads, queryKey, read, show, again, againText, error = null } = props;
  const client = useQueryClient();
  const found = useQuery({ queryKey, queryFn: read, refetchInterval: 5_000 });
  const send = useMutation({ mutationFn: again, onSuccess: () => client.invalidateQueries({ queryKey }) });
  const rows = found.data?.items ?? [];
  return (
    <Section title={title} className={css.below} aside={aside}>
      <Trouble error={found.error ?? error ?? send.error} />
      {found.isSuccess && rows.length === 0 && <Empty>{empty}</Empty>}
      {rows.length > 0 && (
        <div className={css.scroll} tabIndex={0} role="region" aria-label={name}>
          <table className={css.table}>
            <thead>
              <tr>
                {[...heads, <Trans>State</Trans>, <Trans>Again</Trans>].map((head, at) => (
                  <th key={at} scope="col">
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => {
                const { id, cells, state, error, failed, againLabel } = show(row);
                const [first, ...others] = cells;
                return (
                  <tr key={id}>
                    <th scope="row">{first}</th>
                    {others.map((cell, at) => (
                      <td key={at}>{cell}</td>
                    ))}
                    <td>
                      {state}
                      {error && `: ${error}`}
                    </td>
                    <td>
                      {failed && (
                        <Button
                          size="compact-xs"
                          variant="default"
                          aria-label={againLabel}
                          onClick={() => {
                            send.mutate(row);
                          }}
                        >
                          {againText}
                        </Button>
                      )}
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
    </Section>
  );
}
