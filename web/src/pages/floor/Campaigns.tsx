import { Trans } from "@lingui/react/macro";

import { sameList, useLive } from "@/live/useLive";
import { useFormats } from "@/texts/format";

import { CampaignTile } from "./CampaignTile";
import css from "./floor.module.css";

/** The campaigns on the floor; nothing where there are none. */
export function Campaigns({ queue }: { queue: string | undefined }) {
  const formats = useFormats();
  const ids = useLive(
    ({ floor }) =>
      [...floor.campaigns.values()]
        .filter((one) => queue === undefined || one.queue === queue)
        .sort((one, other) => formats.compare(one.title, other.title))
        .map((one) => one.id),
    sameList,
  );
  if (ids.length === 0) return null;
  return (
    <section aria-labelledby="campaigns">
      <h2 id="campaigns" className={css.title}>
        <Trans>Campaigns</Trans>
      </h2>
      <ul className={css.tiles}>
        {ids.map((id) => (
          <li key={id}>
            <CampaignTile id={id} />
          </li>
        ))}
      </ul>
    </section>
  );
}
