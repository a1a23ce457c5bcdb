import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, PasswordInput, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";

import { answer, api } from "@/api/client";
import { Dialog } from "@/parts/Dialog";
import { Trouble } from "@/parts/Trouble";

/** Changes one's own password. */
export function PasswordDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useLingui();
  const [differ, setDiffer] = useState(false);
  const change = useMutation({
    mutationFn: (body: { current: string; new: string }) => answer(api.PUT("/api/v1/me/password", { body })),
  });
  const leave = () => {
    onClose();
    change.reset();
    setDiffer(false);
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget);
    const text = (name: string) => String(typed.get(name) ?? "");
    const same = text("new") === text("again");
    setDiffer(!same);
    if (same) change.mutate({ current: text("current"), new: text("new") });
  };
  return (
    <Dialog opened={opened} onClose={leave} title={<Trans>Change password</Trans>}>
      {change.isSuccess ? (
        <Stack>
          <Text role="status">
            <Trans>The password was changed.</Trans>
          </Text>
          <Button onClick={leave}>
            <Trans>Close</Trans>
          </Button>
        </Stack>
      ) : (
        <form onSubmit={submit}>
          <Stack>
            <PasswordInput
              name="current"
              label={t`Current password`}
              autoComplete="current-password"
              required
              data-autofocus
            />
            <PasswordInput
              name="new"
              label={t`New password`}
              description={t`At least 10 characters`}
              autoComplete="new-password"
              minLength={10}
              required
            />
            <PasswordInput
              name="again"
              label={t`New password again`}
              autoComplete="new-password"
              required
              error={differ && t`The new passwords are not the same.`}
            />
            <Text size="sm" c="dimmed">
              <Trans>This ends your other log-ins and your programs' tokens.</Trans>
            </Text>
            <Trouble error={change.error} />
            <Group justify="flex-end">
              <Button variant="default" onClick={leave}>
                <Trans>Cancel</Trans>
              </Button>
              <Button type="submit" loading={change.isPending}>
                <Trans>Change password</Trans>
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Dialog>
  );
}
