import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { memo, useState, type FormEvent } from "react";

import { answer, api } from "@/api/client";
import { useMay } from "@/api/session";
import { useLive } from "@/live/useLive";
import { Dialog } from "@/parts/Dialog";
import { Icon } from "@/parts/Icon";
import { Trouble } from "@/parts/Trouble";

import css from "./floor.module.css";

const MOST = 150; // characters

/** Whether a queue is paused, and a way to pause it with a reason and to open it again. */
export const QueuePause = memo(function QueuePause({ id, title }: { id: string; title: string }) {
  const { t } = useLingui();
  const steers = useMay("calls.steer");
  const paused = useLive(({ floor }) => floor.queues.get(id)?.paused ?? null);
  const [asks, setAsks] = useState(false);
  const turn = useMutation({
    mutationFn: (why: string | null) =>
      answer(
        api.PUT("/api/v1/queues/{id}/pause", {
          params: { path: { id } },
          body: { paused: why !== null, reason: why ?? "" },
        }),
      ),
  });
  const open = paused === null;
  return (
    <div className={css.pause}>
      {!open && (
        <p>
          <Icon name="pause" size={14} /> <Trans>Paused</Trans>
          {paused && `: ${paused}`}
        </p>
      )}
      {steers && (
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<Icon name={open ? "pause" : "play"} size={14} />}
          aria-label={open ? t`Pause the queue ${title}` : t`Open again: ${title}`}
          loading={turn.isPending}
          onClick={() => {
            if (open) setAsks(true);
            else turn.mutate(null);
          }}
        >
          {open ? <Trans>Pause</Trans> : <Trans>Open again</Trans>}
        </Button>
      )}
      {asks && (
        <Why
          title={title}
          close={() => {
            setAsks(false);
          }}
          pause={turn.mutate}
        />
      )}
      <Trouble error={turn.error} />
    </div>
  );
});

interface WhyProps {
  title: string;
  close: () => void;
  pause: (why: string) => void;
}

function Why({ title, close, pause }: WhyProps) {
  const { t } = useLingui();
  const [why, setWhy] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    pause(why);
    close();
  };
  return (
    <Dialog opened onClose={close} title={<Trans>Pause the queue {title}</Trans>}>
      <form onSubmit={submit}>
        <Stack>
          <Text>
            <Trans>
              Whoever calls or waits goes to the other queue that is set for this one. Where there is none, they hear a
              message, and the call ends. Talks go on.
            </Trans>
          </Text>
          <TextInput
            label={t`Why, for colleagues`}
            data-autofocus
            maxLength={MOST}
            value={why}
            onChange={(event) => {
              setWhy(event.currentTarget.value);
            }}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              <Trans>Cancel</Trans>
            </Button>
            <Button type="submit" leftSection={<Icon name="pause" size={14} />}>
              <Trans>Pause</Trans>
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
