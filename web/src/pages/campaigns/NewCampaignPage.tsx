import { SubjectLoader } from "@/pages/admin/shape/SubjectLoader";
import { campaigns } from "@/pages/admin/subjects/campaigns";

import css from "./campaigns.module.css";

/** A campaign is made. */
export function NewCampaignPage() {
  return (
    <div className={css.settings}>
      <SubjectLoader subject={campaigns} id="new" />
    </div>
  );
}
