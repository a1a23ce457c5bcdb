import { Trans } from "@lingui/react/macro";
import { Button, Stack, Text } from "@mantine/core";

import { useLive } from "@/live/useLive";
import { Dialog } from "@/parts/Dialog";

/** Said when the service speaks another version: what it says then is not guessed at. */
export function Outdated() {
  const outdated = useLive(({ line }) => line === "outdated");
  return (
    <Dialog opened={outdated} onClose={reload} title={<Trans>The service was renewed</Trans>}>
      <Stack>
        <Text>
          <Trans>This page is older than the service. Load it anew; what you have typed is kept.</Trans>
        </Text>
        <Button onClick={reload}>
          <Trans>Load anew</Trans>
        </Button>
      </Stack>
    </Dialog>
  );
}

function reload(): void {
  location.reload();
}
