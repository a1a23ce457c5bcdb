import { Trans } from "@lingui/react/macro";
import { Button, Text } from "@mantine/core";
import { useState } from "react";

import { askForHeadset, canUseHeadsets } from "./headset";
import type { Phone } from "./phone";
import { usePhone } from "./slot";

/** The headset whose buttons answer, hang up, mute and hold, and a way to choose another. */
export function HeadsetChoice({ phone }: { phone: Phone }) {
  const { headset } = usePhone();
  const [refused, setRefused] = useState(false);
  if (!canUseHeadsets()) return null;
  const choose = async () => {
    const device = await askForHeadset();
    if (device) setRefused(!(await phone.use(device)));
  };
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={() => void choose()}>
        <Trans>Buttons of the headset</Trans>
      </Button>
      {(headset || refused) && (
        <Text size="sm" role="status">
          {refused ? <Trans>Another program uses the buttons of this headset</Trans> : headset}
        </Text>
      )}
    </>
  );
}
