import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useState } from "react";

import type { Alarm } from "@/live/floor";
import { useLive, useOperatorName } from "@/live/useLive";
import { Icon } from "@/parts/Icon";
import parts from "@/parts/parts.module.css";
import { useFormats } from "@/texts/format";

import css from "./floor.module.css";

/** Alarms about calls outside; each stays until it is closed, on this page only. */
export function Alarms() {
  const alarms = useLive(({ floor }) => floor.alarms);
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  return (
    <div role="alert">
      <ul className={css.alarms}>
        {alarms
          .filter((one) => !closed.has(one.raised))
          .map((one) => (
            <AlarmRow
              key={one.raised}
              alarm={one}
              close={() => {
                setClosed(new Set([...closed, one.raised]));
              }}
            />
          ))}
      </ul>
    </div>
  );
}

function AlarmRow({ alarm, close }: { alarm: Alarm; close: () => void }) {
  const formats = useFormats();
  const name = useOperatorName(alarm.operator);
  return (
    <li className={parts.trouble}>
      <Icon name="complaint" size={16} />
      <time dateTime={alarm.raised}>{formats.time(alarm.raised)}</time>
      <span>{said(alarm, name || alarm.endpoint)}</span>
      <Button size="compact-xs" variant="default" onClick={close}>
        <Trans>Close</Trans>
      </Button>
    </li>
  );
}

function said(alarm: Alarm, who: string) {
  const times = alarm.refusals;
  switch (alarm.cause) {
    case "refusals":
      return (
        <Trans>
          {who}: {times} calls outside were refused. Check whether the phone's account was stolen.
        </Trans>
      );
    case "money_of_operator":
      return <Trans>{who}: the money for calls today is spent.</Trans>;
    case "money_of_centre":
      return <Trans>The centre's money for calls today is spent.</Trans>;
    case "emergency":
      return <Trans>{who}: an emergency number was called.</Trans>;
  }
}
