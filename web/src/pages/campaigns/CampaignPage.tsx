import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";

import { useMay } from "@/api/session";
import { useLive } from "@/live/useLive";
import { CampaignTile } from "@/pages/floor/CampaignTile";
import { Trouble } from "@/parts/Trouble";
import { Waiting } from "@/parts/Waiting";

import { Callbacks } from "./Callbacks";
import css from "./campaigns.module.css";
import { Changes } from "./Changes";
import { Evidence } from "./Evidence";
import { Funnel } from "./Funnel";
import { GiveLeads } from "./GiveLeads";
import { Head } from "./Head";
import { Imports } from "./Imports";
import { Leads } from "./Leads";
import { Needs } from "./Needs";
import { Pacing } from "./Pacing";
import { campaignQuery } from "./queries";
import { Stopped } from "./Stopped";
import { Talks } from "./Talks";

const route = getRouteApi("/campaigns/$id");

/** One campaign from nothing to evidence: what it needs, its leads, how it dials, what came of it. */
export function CampaignPage() {
  const id = Number(route.useParams().id);
  const search = route.useSearch();
  const found = useQuery(campaignQuery(id));
  const may = {
    leads: useMay("leads.read"),
    give: useMay("leads.write"),
    imports: useMay("leads.import"),
    reports: useMay("reports.read"),
    evidence: useMay("evidence.read"),
    talks: useMay("attempts.read_all"),
    callbacks: useMay("callbacks.write_all"),
  };
  const onFloor = useLive(({ floor }) => floor.campaigns.has(id));
  const open = found.data?.state !== "finished";
  return (
    <div className={css.campaigns}>
      <p>
        <Link to="/campaigns">
          <Trans>All campaigns</Trans>
        </Link>
      </p>
      <Trouble error={found.error} />
      {found.isPending && <Waiting lines={6} />}
      {found.data && (
        <>
          <Head campaign={found.data} />
          <div className={css.halves}>
            {open && <Needs campaign={found.data} />}
            {may.leads && <Stopped id={id} />}
            {onFloor && <CampaignTile id={id} />}
            {onFloor && <Pacing id={id} />}
            {may.reports && <Funnel id={id} />}
          </div>
          {may.imports && <Imports campaign={found.data} />}
          {may.give && open && <GiveLeads id={id} />}
          {may.leads && <Leads campaign={found.data} search={search} />}
          <div className={css.halves}>
            {may.callbacks && <Callbacks id={id} />}
            {may.talks && <Talks id={id} />}
            {may.evidence && <Evidence campaign={found.data} />}
            <Changes id={id} />
          </div>
        </>
      )}
    </div>
  );
}
