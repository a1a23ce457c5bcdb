import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState, type DragEvent } from "react";

import { Empty } from "@/parts/Empty";
import { Icon } from "@/parts/Icon";
import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";

import css from "./campaigns.module.css";
import { ImportCard } from "./ImportCard";
import { bringFile, importsQuery, type Campaign } from "./queries";

/** Files of leads: dropped here, tried, run, and undone. */
export function Imports({ campaign }: { campaign: Campaign }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const chooser = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const found = useQuery(importsQuery(campaign.id));
  const bring = useMutation({
    mutationFn: (file: File) => bringFile(campaign.id, file),
    onSettled: () => client.invalidateQueries({ queryKey: importsQuery(campaign.id).queryKey }),
  });
  const take = (files: FileList | null) => {
    const file = files?.item(0);
    if (file) bring.mutate(file);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files);
  };
  const imports = found.data?.items ?? [];
  return (
    <Section title={<Trans>Files of leads</Trans>} icon="article" count={imports.length}>
      {campaign.state !== "finished" && (
        <div
          className={css.drop}
          data-over={over || undefined}
          onDragOver={(event) => {
            event.preventDefault();
            setOver(true);
          }}
          onDragLeave={() => {
            setOver(false);
          }}
          onDrop={drop}
        >
          <p>
            <Trans>Drop a file here: CSV, XLSX, ODS or address cards. Nothing is added yet.</Trans>
          </p>
          <input
            ref={chooser}
            type="file"
            hidden
            aria-label={t`File of leads`}
            onChange={(event) => {
              take(event.currentTarget.files);
              event.currentTarget.value = "";
            }}
          />
          <Button
            variant="default"
            leftSection={<Icon name="plus" size={16} />}
            loading={bring.isPending}
            onClick={() => {
              chooser.current?.click();
            }}
          >
            <Trans>Choose a file</Trans>
          </Button>
        </div>
      )}
      <Trouble error={bring.error ?? found.error} />
      {found.isSuccess && imports.length === 0 && (
        <Empty>
          <Trans>No file has been brought yet.</Trans>
        </Empty>
      )}
      <ul className={css.imports}>
        {imports.map((one) => (
          <ImportCard key={one.id} one={one} />
        ))}
      </ul>
    </Section>
  );
}
