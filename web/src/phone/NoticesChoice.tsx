import { Trans } from "@lingui/react/macro";
import { Button, Text } from "@mantine/core";
import { useState } from "react";

import { askToNotify, mayNotify } from "./notices";

/** Whether the desktop tells who rings while another window is looked at, and a way to let it. */
export function NoticesChoice() {
  const [may, setMay] = useState(mayNotify);
  if (may === "default")
    return (
      <Button size="compact-sm" variant="default" onClick={() => void askToNotify().then(setMay)}>
        <Trans>Show notices of calls</Trans>
      </Button>
    );
  if (may === "denied")
    return (
      <Text size="sm">
        <Trans>This browser shows no notices of calls: allow them beside the address of the page</Trans>
      </Text>
    );
  return null;
}
