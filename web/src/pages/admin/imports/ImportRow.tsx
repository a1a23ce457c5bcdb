import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";

import { answer, api } from "@/api/client";
import type { components } from "@/api/contract";
import { Remarks } from "@/parts/Remarks";
import { Trouble } from "@/parts/Trouble";
import { useFormats } from "@/texts/format";

import shape from "../shape/shape.module.css";
import css from "./imports.module.css";
import { JOB_TEXTS } from "./jobTexts";
import { Preview } from "./Preview";

type Job = components["schemas"]["ContactImportOut"];

const READY = new Set<Job["state"]>(["uploaded", "checked"]);
const UNDER_WAY = new Set<Job["state"]>(["queued", "running", "reading", "undoing"]);
const UNDOABLE = new Set<Job["state"]>(["done", "cancelled", "failed", "cut_off"]);

/** One file: how far it is, what came of it, and what can be done now. */
export function ImportRow({ job }: { job: Job }) {
  const { i18n } = useLingui();
  const { number, percent } = useFormats();
  const client = useQueryClient();
  const path = { id: job.id };
  const work = useMutation({
    mutationFn: async (what: "try" | "start" | "cancel" | "undo") => {
      if (what === "cancel") await answer(api.POST("/api/v1/contact-imports/{id}/cancel", { params: { path } }));
      else if (what === "undo") await answer(api.POST("/api/v1/contact-imports/{id}/undo", { params: { path } }));
      else
        await answer(
          api.POST("/api/v1/contact-imports/{id}/start", { params: { path }, body: { dry_run: what === "try" } }),
        );
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ["contact-imports"] }),
  });
  const counts = [job.added, job.updated, job.unchanged, job.rejected].map(number);
  const [added, updated, unchanged, rejected] = counts;
  const act = (what: "try" | "start" | "cancel" | "undo") => () => {
    work.mutate(what);
  };
  return (
    <li className={css.file}>
      <h3>
        {job.name || `#${String(job.id)}`}
        <span>
          {i18n._(JOB_TEXTS[job.state])}
          {job.state === "running" && ` ${percent(job.progress)}`}
        </span>
      </h3>
      {job.rows > 0 && (
        <p>
          {job.dry_run && (
            <>
              <Trans>Dry run:</Trans>{" "}
            </>
          )}
          <Trans>
            new {added}, changed {updated}, unchanged {unchanged}, rejected {rejected}
          </Trans>
        </p>
      )}
      {job.note && (
        <p>
          <Remarks of={job.fault ? [job.fault] : []} otherwise={job.note} />
        </p>
      )}
      {READY.has(job.state) && <Preview id={job.id} />}
      <Trouble error={work.error} />
      <div className={shape.buttons}>
        {READY.has(job.state) && (
          <>
            <Button variant="default" size="compact-sm" loading={work.isPending} onClick={act("try")}>
              <Trans>Dry run</Trans>
            </Button>
            <Button size="compact-sm" loading={work.isPending} onClick={act("start")}>
              <Trans>Bring it in</Trans>
            </Button>
          </>
        )}
        {UNDER_WAY.has(job.state) && (
          <Button variant="default" size="compact-sm" loading={work.isPending} onClick={act("cancel")}>
            <Trans>Stop</Trans>
          </Button>
        )}
        {UNDOABLE.has(job.state) && !job.dry_run && (
          <Button variant="default" size="compact-sm" loading={work.isPending} onClick={act("undo")}>
            <Trans>Undo</Trans>
          </Button>
        )}
        {job.rejected > 0 && (
          <a href={`/api/v1/contact-imports/${String(job.id)}/rejected`} download>
            <Trans>Rejected rows</Trans>
          </a>
        )}
      </div>
    </li>
  );
}
