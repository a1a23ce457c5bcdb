import { Trans, useLingui } from "@lingui/react/macro";
import { NativeSelect } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { answer, api } from "@/api/client";
import { useOwnFieldTitles } from "@/api/ownFields";
import { Trouble } from "@/parts/Trouble";
import { Waiting } from "@/parts/Waiting";

import shape from "../shape/shape.module.css";
import { COLUMN_TEXTS } from "./columnTexts";

const FEW = 5;

/** The first rows of a file, and what each column means: guessed, and corrected here. */
export function Preview({ id }: { id: number }) {
  const { i18n, t } = useLingui();
  const client = useQueryClient();
  const titleOf = useOwnFieldTitles();
  const path = { id };
  const found = useQuery({
    queryKey: ["contact-import", id],
    queryFn: () => answer(api.GET("/api/v1/contact-imports/{id}/preview", { params: { path } })),
  });
  const read = useMutation({
    mutationFn: (columns: string[]) =>
      answer(api.PUT("/api/v1/contact-imports/{id}/reading", { params: { path }, body: { columns } })),
    onSuccess: (whole) => {
      client.setQueryData(["contact-import", id], whole);
    },
  });
  const { columns = [], preview = [], header } = found.data ?? {};
  const kinds = [...new Set([...Object.keys(COLUMN_TEXTS), ...columns])];
  return (
    <>
      <Trouble error={found.error ?? read.error} />
      {found.isPending && <Waiting />}
      {columns.length > 0 && (
        <div className={shape.scroll} tabIndex={0} role="region" aria-label={t`The first rows`}>
          <table className={shape.table}>
            <thead>
              <tr>
                {columns.map((column, at) => {
                  const name = header?.[at] ?? String(at + 1);
                  return (
                    <th key={at} scope="col">
                      {name}
                      <NativeSelect
                        size="xs"
                        aria-label={t`What column ${name} means`}
                        value={column}
                        onChange={(event) => {
                          read.mutate(columns.with(at, event.currentTarget.value));
                        }}
                        data={kinds.map((value) => {
                          const known = COLUMN_TEXTS[value];
                          return { value, label: known ? i18n._(known) : titleOf(value.replace(/^field:/, "")) };
                        })}
                      />
                    </th>
                  );
                })}
              </tr>
            </thead>
            <tbody>
              {preview.slice(0, FEW).map((row) => (
                <tr key={row.row} data-out={row.why ? true : undefined}>
                  {columns.map((_, at) => (
                    <td key={at}>{row.cells[at] ?? ""}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
          {preview.some((row) => row.why) && (
            <p className={shape.hint}>
              <Trans>Grey rows would be rejected.</Trans>
            </p>
          )}
        </div>
      )}
    </>
  );
}
