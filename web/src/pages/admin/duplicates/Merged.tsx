import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";

import { answer, api } from "@/api/client";
import { Icon } from "@/parts/Icon";
import { Trouble } from "@/parts/Trouble";

import shape from "../shape/shape.module.css";

/** Says that two contacts were merged, and parts them again. */
export function Merged({ merge, undone }: { merge: number; undone: () => void }) {
  const client = useQueryClient();
  const undo = useMutation({
    mutationFn: () => answer(api.POST("/api/v1/merges/{id}/undo", { params: { path: { id: merge } } })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["duplicates"] });
      undone();
    },
  });
  return (
    <>
      <div role="status" className={shape.saved}>
        <Icon name="check" size={17} />
        <Trans>The two are one now.</Trans>
        <Button
          size="compact-sm"
          variant="default"
          loading={undo.isPending}
          onClick={() => {
            undo.mutate();
          }}
        >
          <Trans>Undo</Trans>
        </Button>
      </div>
      <Trouble error={undo.error} />
    </>
  );
}
