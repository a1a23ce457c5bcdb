import { getRouteApi } from "@tanstack/react-router";

import { SubjectLoader } from "@/pages/admin/shape/SubjectLoader";
import { campaigns } from "@/pages/admin/subjects/campaigns";

import css from "./campaigns.module.css";

const route = getRouteApi("/campaigns/$id/settings");

/** All settings of one campaign. */
export function SettingsPage() {
  return (
    <div className={css.settings}>
      <SubjectLoader subject={campaigns} id={route.useParams().id} />
    </div>
  );
}
