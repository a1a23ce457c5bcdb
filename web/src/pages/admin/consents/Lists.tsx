import { Trans, useLingui } from "@lingui/react/macro";
import { Button, FileInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type DragEvent, type FormEvent } from "react";

import { answer, api } from "@/api/client";
import { Empty } from "@/parts/Empty";
import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";

import css from "./consents.module.css";
import { ListRow } from "./ListRow";
import { endOf, NOTHING, WordFields } from "./WordFields";

const LIMIT = 20;
const MOVING_MS = 1_000;
const MOVING = new Set(["queued", "running"]);

/** Lists of numbers, such as a register of those who want no calls: dropped here, and taken in at once. */
export function Lists() {
  const { t } = useLingui();
  const client = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const [said, setSaid] = useState(NOTHING);
  const [over, setOver] = useState(false);
  const found = useQuery({
    queryKey: ["consent", "lists"],
    queryFn: () => answer(api.GET("/api/v1/consents/imports", { params: { query: { limit: LIMIT } } })),
    refetchInterval: ({ state }) => (state.data?.items.some((one) => MOVING.has(one.state)) ? MOVING_MS : false),
  });
  const bring = useMutation({
    mutationFn: (chosen: File) =>
      answer(
        api.POST("/api/v1/consents/imports", {
          params: {
            query: {
              source: said.source,
              word: said.word,
              purpose: said.purpose || null,
              until: endOf(said.until),
            },
          },
          body: chosen as unknown as string,
          bodySerializer: (body) => body,
          headers: { "Content-Type": "application/octet-stream" },
        }),
      ),
    onSuccess: () => {
      setFile(null);
      void client.invalidateQueries({ queryKey: ["consent"] });
    },
  });
  return (
    <Section title={<Trans>Lists of numbers</Trans>} icon="article">
      <form
        className={css.drop}
        data-over={over || undefined}
        onDragOver={(event: DragEvent) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => {
          setOver(false);
        }}
        onDrop={(event: DragEvent) => {
          event.preventDefault();
          setOver(false);
          setFile(event.dataTransfer.files.item(0));
        }}
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          if (file) bring.mutate(file);
        }}
      >
        <p className={css.quiet}>
          <Trans>
            Drop a file here: a number a line, CSV, XLSX, ODS or address cards. Each number is taken in at once.
          </Trans>
        </p>
        <div className={css.fields}>
          <FileInput size="sm" label={t`File`} placeholder={t`choose`} w={220} value={file} onChange={setFile} />
          <WordFields said={said} change={setSaid} />
          <Button type="submit" loading={bring.isPending} disabled={!file}>
            <Trans>Take it in</Trans>
          </Button>
        </div>
      </form>
      <Trouble error={bring.error ?? found.error} />
      {found.data?.items.length === 0 && (
        <Empty>
          <Trans>No list was taken in yet.</Trans>
        </Empty>
      )}
      <ul className={css.rows}>
        {found.data?.items.map((one) => (
          <ListRow key={one.id} one={one} />
        ))}
      </ul>
    </Section>
  );
}
