import { Trans, useLingui } from "@lingui/react/macro";
import { FileInput } from "@mantine/core";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";

import { answer, api } from "@/api/client";
import { Empty } from "@/parts/Empty";
import { Section } from "@/parts/Section";
import { ShowMore } from "@/parts/ShowMore";
import { Trouble } from "@/parts/Trouble";
import { Waiting } from "@/parts/Waiting";

import shape from "../shape/shape.module.css";
import { ImportRow } from "./ImportRow";
import css from "./imports.module.css";

const LIMIT = 10;
const LOOK_MS = 1_500;

/** Files of contacts: brought, read, tried, run, and taken back. */
export function ImportsPage() {
  const { t } = useLingui();
  const client = useQueryClient();
  const found = useInfiniteQuery({
    queryKey: ["contact-imports"],
    queryFn: ({ pageParam }) =>
      answer(api.GET("/api/v1/contact-imports", { params: { query: { cursor: pageParam, limit: LIMIT } } })),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    refetchInterval: LOOK_MS,
  });
  const bring = useMutation({
    mutationFn: (file: File) =>
      answer(
        api.POST("/api/v1/contact-imports", {
          params: { query: { name: file.name } },
          body: file as unknown as string,
          bodySerializer: (body) => body,
          headers: { "Content-Type": "application/octet-stream" },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ["contact-imports"] }),
  });
  const rows = found.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className={css.page}>
      <header className={shape.top}>
        <div>
          <h1>
            <Trans>Imports of contacts</Trans>
          </h1>
          <p>
            <Trans>
              CSV, a workbook or contact cards. What each column means is guessed; a dry run changes nothing.
            </Trans>
          </p>
        </div>
      </header>
      <Section title={<Trans>A new file</Trans>}>
        <FileInput
          label={t`File`}
          placeholder={t`choose`}
          maw={360}
          disabled={bring.isPending}
          onChange={(chosen) => {
            if (chosen) bring.mutate(chosen);
          }}
        />
        <Trouble error={bring.error} />
      </Section>
      <Section title={<Trans>Files</Trans>}>
        <Trouble error={found.error} />
        {found.isPending && <Waiting />}
        {found.isSuccess && rows.length === 0 && (
          <Empty>
            <Trans>No file was brought yet. Choose one above.</Trans>
          </Empty>
        )}
        <ul className={css.files}>
          {rows.map((one) => (
            <ImportRow key={one.id} job={one} />
          ))}
        </ul>
        <ShowMore found={found} />
      </Section>
    </div>
  );
}
