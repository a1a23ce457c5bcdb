import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";

import { answer, api } from "@/api/client";
import { useClock } from "@/live/clock";
import { useFormats } from "@/texts/format";

import { SentList } from "../shape/SentList";
import { REPORT_TEXTS } from "./outcomeTexts";

const LIMIT = 20;

/** The calls that the CRM was told of last; what was given up is sent again. */
export function CrmReports() {
  const { i18n, t } = useLingui();
  const { moment } = useFormats();
  const now = useClock((at) => Math.floor(at / 60_000) * 60_000);
  return (
    <SentList
      title={<Trans>Calls that it was told of</Trans>}
      empty={<Trans>It was told of no call yet. Switch on “Tell it of calls”, where its template can take them.</Trans>}
      name={t`The last calls`}
      heads={[<Trans>Call</Trans>]}
      queryKey={["crm-reports"]}
      read={() => answer(api.GET("/api/v1/crm-lookup/reports", { params: { query: { limit: LIMIT } } }))}
      show={(one) => {
        const when = moment(one.made_at, now);
        return {
          id: one.call,
          cells: [
            <Link to="/calls/$id" params={{ id: one.call }}>
              {when}
            </Link>,
          ],
          state: i18n._(REPORT_TEXTS[one.state]),
          error: one.detail,
          failed: one.state === "failed",
          againLabel: t`Tell again: ${when}`,
        };
      }}
      again={({ call }) => answer(api.POST("/api/v1/crm-lookup/reports/{call}/retry", { params: { path: { call } } }))}
      againText={<Trans>Tell again</Trans>}
    />
  );
}
