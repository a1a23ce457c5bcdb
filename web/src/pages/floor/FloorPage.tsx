import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { getRouteApi, Link } from "@tanstack/react-router";

import { useQueueTitle } from "@/live/useLive";
import { Icon } from "@/parts/Icon";

import { AlarmSound } from "./AlarmSound";
import { Alarms } from "./Alarms";
import { Calls } from "./Calls";
import { Campaigns } from "./Campaigns";
import css from "./floor.module.css";
import { Limits } from "./Limits";
import { Operators } from "./Operators";
import { PassedLimits } from "./PassedLimits";
import { Queues } from "./Queues";

const route = getRouteApi("/floor");

/** The floor as it is now: queues, campaigns, callers, operators. */
export function FloorPage() {
  const { t } = useLingui();
  const { queue } = route.useSearch();
  return (
    <div className={css.floor}>
      <header className={css.top}>
        <h1>
          <Trans>Floor</Trans>
          {queue !== undefined && <OnlyQueue id={queue} />}
        </h1>
        <Limits />
        <AlarmSound />
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<Icon name="full" size={16} />}
          aria-label={t`Full screen, for a wall`}
          onClick={() => void toggleFull()}
        >
          <Trans>Full screen</Trans>
        </Button>
      </header>
      <Alarms />
      <PassedLimits />
      <Queues chosen={queue} />
      <Campaigns queue={queue} />
      <Calls queue={queue} />
      <Operators queue={queue} />
    </div>
  );
}

function OnlyQueue({ id }: { id: string }) {
  const title = useQueueTitle(id);
  return (
    <Link to="/floor" className={css.only}>
      {title} <Icon name="close" size={14} />
      <span className={css.unseen}>
        <Trans>show all queues</Trans>
      </span>
    </Link>
  );
}

async function toggleFull(): Promise<void> {
  if (document.fullscreenElement) await document.exitFullscreen();
  else await document.documentElement.requestFullscreen();
}
