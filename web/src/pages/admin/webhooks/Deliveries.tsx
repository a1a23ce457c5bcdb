import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { answer, api } from "@/api/client";
import type { components } from "@/api/contract";
import { useClock } from "@/live/clock";
import { Empty } from "@/parts/Empty";
import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";
import { useFormats } from "@/texts/format";

import css from "../shape/shape.module.css";
import { DELIVERY_TEXTS } from "./deliveryTexts";

const LIMIT = 20;

/** The last deliveries of a webhook; what was given up is sent again. */
export function Deliveries({ one }: { one: components["schemas"]["WebhookOut"] }) {
  const { i18n, t } = useLingui();
  const { moment } = useFormats();
  const now = useClock((at) => Math.floor(at / 60_000) * 60_000);
  const client = useQueryClient();
  const path = { id: one.id };
  const found = useQuery({
    queryKey: ["deliveries", one.id],
    queryFn: () => answer(api.GET("/api/v1/webhooks/{id}/deliveries", { params: { path, query: { limit: LIMIT } } })),
    refetchInterval: 5_000,
  });
  const read = () => client.invalidateQueries({ queryKey: ["deliveries", one.id] });
  const ping = useMutation({
    mutationFn: () => answer(api.POST("/api/v1/webhooks/{id}/ping", { params: { path } })),
    onSuccess: read,
  });
  const again = useMutation({
    mutationFn: (delivery: number) =>
      answer(
        api.POST("/api/v1/webhooks/{id}/deliveries/{delivery}/again", { params: { path: { ...path, delivery } } }),
      ),
    onSuccess: read,
  });
  const rows = found.data?.items ?? [];
  return (
    <Section
      title={<Trans>Deliveries</Trans>}
      className={css.below}
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
    >
      <Trouble error={found.error ?? ping.error ?? again.error} />
      {found.isSuccess && rows.length === 0 && (
        <Empty>
          <Trans>Nothing was sent yet.</Trans>
        </Empty>
      )}
      {rows.length > 0 && (
        <div className={css.scroll} tabIndex={0} role="region" aria-label={t`The last deliveries`}>
          <table className={css.table}>
            <thead>
              <tr>
                <th scope="col">
                  <Trans>Event</Trans>
                </th>
                <th scope="col">
                  <Trans>About</Trans>
                </th>
                <th scope="col">
                  <Trans>When</Trans>
                </th>
                <th scope="col">
                  <Trans>State</Trans>
                </th>
                <th scope="col">
                  <Trans>Again</Trans>
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => {
                const about = `${row.kind} ${row.subject}`;
                return (
                  <tr key={row.id}>
                    <th scope="row">{row.kind}</th>
                    <td>{row.subject}</td>
                    <td>{moment(row.created_at, now)}</td>
                    <td>
                      {i18n._(DELIVERY_TEXTS[row.state])}
                      {row.error && `: ${row.error}`}
                    </td>
                    <td>
                      {row.state === "failed" && (
                        <Button
                          size="compact-xs"
                          variant="default"
                          aria-label={t`Send again: ${about}`}
                          onClick={() => {
                            again.mutate(row.id);
                          }}
                        >
                          <Trans>Send again</Trans>
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
