import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";

import { answer, api } from "@/api/client";
import type { components } from "@/api/contract";
import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";
import { useFormats } from "@/texts/format";

import css from "../shape/shape.module.css";

/** Counts what would be removed, and removes nothing. */
export function DryRun({ one }: { one: components["schemas"]["RetentionOut"] }) {
  const client = useQueryClient();
  const { number } = useFormats();
  const run = useMutation({
    mutationFn: () =>
      answer(
        api.POST("/api/v1/privacy/retention/{kept}/dry-run", {
          params: { path: { kept: one.kind } },
          body: { days: one.days },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ["admin", "retention"] }),
  });
  const counted = number(one.counted ?? 0);
  return (
    <Section title={<Trans>Dry run</Trans>} className={css.below}>
      <p className={css.hint}>
        {one.counted === null ? (
          <Trans>Nothing was counted yet. Save the days first.</Trans>
        ) : (
          <Trans>So many would be removed: {counted}.</Trans>
        )}
      </p>
      <Trouble error={run.error} />
      <div className={css.buttons}>
        <Button
          variant="default"
          loading={run.isPending}
          onClick={() => {
            run.mutate();
          }}
        >
          <Trans>Count what would be removed</Trans>
        </Button>
      </div>
    </Section>
  );
}
