import { Trans, useLingui } from "@lingui/react/macro";
import { Button, NumberInput } from "@mantine/core";
import { useState } from "react";

import { useLimits, type QueueLimit } from "@/api/pageSettings";
import { useLive } from "@/live/useLive";
import { Dialog } from "@/parts/Dialog";
import { Icon } from "@/parts/Icon";
import { Trouble } from "@/parts/Trouble";

import css from "./floor.module.css";

const WHOLE = 100; // percent

/** Sets what must not be passed in each queue; kept for this user alone. */
export function Limits() {
  const [opened, setOpened] = useState(false);
  const { loaded } = useLimits();
  const close = () => {
    setOpened(false);
  };
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<Icon name="clock" size={16} />}
        onClick={() => {
          setOpened(true);
        }}
      >
        <Trans>Limits</Trans>
      </Button>
      <Dialog opened={opened} onClose={close} title={<Trans>When an alarm sounds</Trans>}>
        {opened && loaded && <Form done={close} />}
      </Dialog>
    </>
  );
}

function Form({ done }: { done: () => void }) {
  const queues = useLive(({ floor }) => floor.queues);
  const { limits, save } = useLimits();
  const [typed, setTyped] = useState<Record<string, QueueLimit>>(limits);
  const change = (queue: string, changes: QueueLimit) => {
    setTyped({ ...typed, [queue]: { ...typed[queue], ...changes } });
  };
  return (
    <form
      className={css.limits}
      onSubmit={(event) => {
        event.preventDefault();
        const known = Object.fromEntries(Object.entries(typed).filter(([id]) => queues.has(id)));
        save.mutate(known, { onSuccess: done });
      }}
    >
      {[...queues.values()].map((queue) => (
        <QueueFields
          key={queue.id}
          title={queue.title}
          target={queue.target_s}
          limit={typed[queue.id] ?? {}}
          change={(changes) => {
            change(queue.id, changes);
          }}
        />
      ))}
      <Trouble error={save.error} />
      <Button type="submit" loading={save.isPending}>
        <Trans>Keep these limits</Trans>
      </Button>
    </form>
  );
}

interface Props {
  title: string;
  /** In seconds. */
  target: number;
  limit: QueueLimit;
  change: (changes: QueueLimit) => void;
}

function QueueFields({ title, target, limit, change }: Props) {
  const { t } = useLingui();
  const number = (value: string | number) => (value === "" ? null : Number(value));
  return (
    <fieldset>
      <legend>{title}</legend>
      <NumberInput
        size="xs"
        label={t`Callers waiting, at most`}
        min={0}
        max={10000}
        allowDecimal={false}
        value={limit.waiting ?? ""}
        onChange={(value) => {
          change({ waiting: number(value) });
        }}
      />
      <NumberInput
        size="xs"
        label={t`Longest wait, seconds`}
        placeholder={String(target)}
        min={1}
        max={86400}
        allowDecimal={false}
        value={limit.wait_s ?? ""}
        onChange={(value) => {
          change({ wait_s: number(value) });
        }}
      />
      <NumberInput
        size="xs"
        label={t`Service level of 30 min, at least %`}
        min={0}
        max={100}
        value={typeof limit.service_level === "number" ? Math.round(limit.service_level * WHOLE) : ""}
        onChange={(value) => {
          const share = number(value);
          change({ service_level: share === null ? null : share / WHOLE });
        }}
      />
    </fieldset>
  );
}
