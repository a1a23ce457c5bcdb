import { Trans } from "@lingui/react/macro";
import { Button, Group, Stack, Text } from "@mantine/core";
import type { UseMutationResult } from "@tanstack/react-query";

import { Dialog } from "@/parts/Dialog";
import { Trouble } from "@/parts/Trouble";
import { usePhone } from "@/phone/slot";

interface Props {
  opened: boolean;
  onClose: () => void;
  leave: UseMutationResult<void, Error, void>;
}

/** Asked of an operator who is at work: whoever logs out goes offline. */
export function LogOutQuestion({ opened, onClose, leave }: Props) {
  const ends = usePhone().lines.length > 0;
  return (
    <Dialog opened={opened} onClose={onClose} title={<Trans>You are at work</Trans>}>
      <Stack>
        <Text>
          {ends ? (
            <Trans>When you log out, you go offline, and the call at the phone in this page ends.</Trans>
          ) : (
            <Trans>When you log out, you go offline, and no calls come to you. A call that you are in goes on.</Trans>
          )}
        </Text>
        <Trouble error={leave.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            <Trans>Stay</Trans>
          </Button>
          <Button
            loading={leave.isPending}
            onClick={() => {
              leave.mutate();
            }}
            data-autofocus
          >
            <Trans>Log out</Trans>
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
