import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { answer, api } from "@/api/client";
import { useClock } from "@/live/clock";
import { Empty } from "@/parts/Empty";
import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";
import { useFormats } from "@/texts/format";

import shape from "../shape/shape.module.css";
import { REPORT_TEXTS } from "./outcomeTexts";

const LIMIT = 20;

/** The calls that the CRM was told of last; what was given up is sent again. */
export function CrmReports() {
  const { i18n, t } = useLingui();
  const { moment } = useFormats();
  const now = useClock((at) => Math.floor(at / 60_000) * 60_000);
  const client = useQueryClient();
  const found = useQuery({
    queryKey: ["crm-reports"],
    queryFn: () => answer(api.GET("/api/v1/crm-lookup/reports", { params: { query: { limit: LIMIT } } })),
    refetchInterval: 5_000,
  });
  const again = useMutation({
    mutationFn: (call: string) =>
      answer(api.POST("/api/v1/crm-lookup/reports/{call}/retry", { params: { path: { call } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["crm-reports"] }),
  });
  const rows = found.data?.items ?? [];
  return (
    <Section title={<Trans>Calls that it was told of</Trans>} className={shape.below}>
      <Trouble error={found.error ?? again.error} />
      {found.isSuccess && rows.length === 0 && (
        <Empty>
          <Trans>It was told of no call yet. Switch on “Tell it of calls”, where its template can take them.</Trans>
        </Empty>
      )}
      {rows.length > 0 && (
        <div className={shape.scroll} tabIndex={0} role="region" aria-label={t`The last calls`}>
          <table className={shape.table}>
            <thead>
              <tr>
                <th scope="col">
                  <Trans>Call</Trans>
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
              {rows.map((one) => {
                const when = moment(one.made_at, now);
                return (
                  <tr key={one.call}>
                    <th scope="row">
                      <Link to="/calls/$id" params={{ id: one.call }}>
                        {when}
                      </Link>
                    </th>
                    <td>
                      {i18n._(REPORT_TEXTS[one.state])}
                      {one.detail && `: ${one.detail}`}
                    </td>
                    <td>
                      {one.state === "failed" && (
                        <Button
                          size="compact-xs"
                          variant="default"
                          aria-label={t`Tell again: ${when}`}
                          onClick={() => {
                            again.mutate(one.call);
                          }}
                        >
                          <Trans>Tell again</Trans>
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
