import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";

import { useMay } from "@/api/session";
import { sameList, useLive } from "@/live/useLive";
import { Empty } from "@/parts/Empty";
import { useFormats } from "@/texts/format";

import css from "./floor.module.css";
import { QueueTile } from "./QueueTile";

/** A tile for each queue; one that is chosen narrows everything below it to that queue. */
export function Queues({ chosen }: { chosen: string | undefined }) {
  const formats = useFormats();
  const makes = useMay("queues.write");
  const ids = useLive(
    ({ floor }) =>
      [...floor.queues.values()].sort((one, other) => formats.compare(one.title, other.title)).map((one) => one.id),
    sameList,
  );
  return (
    <section aria-labelledby="queues">
      <h2 id="queues" className={css.title}>
        <Trans>Queues</Trans>
      </h2>
      {ids.length === 0 && (
        <Empty>
          {makes ? (
            <>
              <Trans>There are no queues yet.</Trans>{" "}
              <Link to="/admin">
                <Trans>The first steps lead to the first call.</Trans>
              </Link>
            </>
          ) : (
            <Trans>There are no queues yet. An administrator makes them.</Trans>
          )}
        </Empty>
      )}
      <ul className={css.tiles}>
        {ids.map((id) => (
          <li key={id}>
            <QueueTile id={id} chosen={id === chosen} />
          </li>
        ))}
      </ul>
    </section>
  );
}
