import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";

import { answer, api } from "@/api/client";
import type { components } from "@/api/contract";
import { useClock } from "@/live/clock";
import { useFormats } from "@/texts/format";

import { SentList } from "../shape/SentList";
import { DELIVERY_TEXTS } from "./deliveryTexts";

const LIMIT = 20;

/** The last deliveries of a webhook; what was given up is sent again. */
export function Deliveries({ one }: { one: components["schemas"]["WebhookOut"] }) {
  const { i18n, t } = useLingui();
  const { moment } = useFormats();
  const now = useClock((at) => Math.floor(at / 60_000) * 60_000);
  const client = useQueryClient();
  const path = { id: one.id };
  const queryKey = ["deliveries", one.id];
  const ping = useMutation({
    mutationFn: () => answer(api.POST("/api/v1/webhooks/{id}/ping", { params: { path } })),
    onSuccess: () => client.invalidateQueries({ queryKey }),
  });
  return (
    <SentList
      title={<Trans>Deliveries</Trans>}
      aside={
        <Button
          size="compact-sm"
          variant="default"
          loading={ping.isPending}
          onClick={() => {
            ping.mutate();
          }}
        >
          <Trans>Send a test event</Trans>
        </Button>
      }
      error={ping.error}
      empty={<Trans>Nothing was sent yet.</Trans>}
      name={t`The last deliveries`}
      heads={[<Trans>Event</Trans>, <Trans>About</Trans>, <Trans>When</Trans>]}
      queryKey={queryKey}
      read={() => answer(api.GET("/api/v1/webhooks/{id}/deliveries", { params: { path, query: { limit: LIMIT } } }))}
      show={(row) => {
        const about = `${row.kind} ${row.subject}`;
        return {
          id: row.id,
          cells: [row.kind, row.subject, moment(row.created_at, now)],
          state: i18n._(DELIVERY_TEXTS[row.state]),
          error: row.error,
          failed: row.state === "failed",
          againLabel: t`Send again: ${about}`,
        };
      }}
      again={(row) => {
        const params = { path: { ...path, delivery: row.id } };
        return answer(api.POST("/api/v1/webhooks/{id}/deliveries/{delivery}/again", { params }));
      }}
      againText={<Trans>Send again</Trans>}
    />
  );
}
