import { Trans, useLingui } from "@lingui/react/macro";
import { Button, FileInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { answer, api } from "@/api/client";
import type { components } from "@/api/contract";
import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";

import shape from "../shape/shape.module.css";
import { Differences } from "./Differences";
import css from "./file.module.css";
import { read, Unreadable } from "./read";
import { save } from "./save";

type CentreFile = components["schemas"]["CentreFile-Input"];

/** The whole configuration as one file: out, and in after a dry run. */
export function FilePage() {
  const { t } = useLingui();
  const client = useQueryClient();
  const [file, setFile] = useState<CentreFile | null>(null);
  const out = useMutation({
    mutationFn: () => answer(api.GET("/api/v1/configuration")),
    onSuccess: (configuration) => {
      save(configuration);
    },
  });
  const bring = useMutation({
    mutationFn: ({ body, dry_run }: { body: CentreFile; dry_run: boolean }) =>
      answer(api.PUT("/api/v1/configuration", { body, params: { query: { dry_run } } })),
    onSuccess: async (brought) => {
      if (!brought.dry_run) await client.invalidateQueries();
    },
  });
  const open = useMutation({
    mutationFn: read,
    onSuccess: (body) => {
      setFile(body);
      bring.mutate({ body, dry_run: true });
    },
  });
  const brought = bring.data;
  const unreadable = open.error instanceof Unreadable;
  return (
    <div className={css.page}>
      <header className={shape.top}>
        <div>
          <h1>
            <Trans>Configuration as a file</Trans>
          </h1>
          <p>
            <Trans>
              Queues, numbers, people, roles, departments, products and prices, with names in place of ids. Passwords
              and secrets are not in it, nor are articles, scripts, surveys and promotions.
            </Trans>
          </p>
        </div>
      </header>
      <Section title={<Trans>Out</Trans>}>
        <p className={shape.hint}>
          <Trans>To keep it, to compare it, or to set up another centre by it.</Trans>
        </p>
        <Trouble error={out.error} />
        <Button
          loading={out.isPending}
          onClick={() => {
            out.mutate();
          }}
        >
          <Trans>Save the configuration as a file</Trans>
        </Button>
      </Section>
      <Section title={<Trans>In</Trans>}>
        <p className={shape.hint}>
          <Trans>
            What the file says is made or changed, all of it or nothing; what it does not have stays as it is. First you
            see what would change.
          </Trans>
        </p>
        <FileInput
          label={t`File`}
          accept="application/json"
          clearable={false}
          placeholder={t`choose`}
          maw={360}
          error={unreadable && t`This is no file of a configuration.`}
          onChange={(chosen) => {
            setFile(null);
            bring.reset();
            if (chosen) open.mutate(chosen);
          }}
        />
        <Trouble error={bring.error} />
        {brought && <Differences brought={brought} />}
        {brought?.dry_run && file && brought.differences.length > 0 && (
          <div className={shape.buttons}>
            <Button
              loading={bring.isPending}
              onClick={() => {
                bring.mutate({ body: file, dry_run: false });
              }}
            >
              <Trans>Bring it in</Trans>
            </Button>
          </div>
        )}
      </Section>
    </div>
  );
}
