import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Menu } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";

import { answer, api } from "@/api/client";
import { useMay } from "@/api/session";
import { useCalmLive, useMyself } from "@/live/useLive";
import { Icon } from "@/parts/Icon";
import { Trouble } from "@/parts/Trouble";

import { useActions } from "./actions";

/** The queues whose calls I take: I leave one for now, and join it again. */
export function MyQueues() {
  const me = useMyself();
  const may = useMay("queues.join");
  const { t } = useLingui();
  const queues = useCalmLive(({ floor }) => (floor.own === null ? null : floor.queues));
  const [opened, setOpened] = useState(false);
  const change = useMutation({
    mutationFn: ({ queue, left }: { queue: string; left: boolean }) =>
      answer(api.PUT("/api/v1/me/queues/{queue}", { params: { path: { queue } }, body: { left } })),
  });
  const left = me?.left ?? [];
  const mine = [...(me?.queues ?? []), ...left].sort().map((id) => {
    const queue = queues?.get(id);
    return { id, title: queue?.title ?? id, left: left.includes(id), empty: queue?.members === 0 };
  });
  const shown = may ? mine.length > 0 : left.length > 0;
  useHotkeys(
    [
      [
        "alt+q",
        () => {
          setOpened(shown);
        },
      ],
    ],
    [],
  );
  useActions(
    (may ? mine : []).map(({ id, title, left }) => ({
      id: `queue ${id}`,
      title: left ? t`Join the queue ${title} again` : t`Leave the queue ${title} for now`,
      icon: left ? "play" : "pause",
      run: () => {
        change.mutate({ queue: id, left: !left });
      },
    })),
  );
  if (!shown) return null;
  const served = mine.length - left.length;
  const all = mine.length;
  return (
    <>
      <Menu opened={opened} onChange={setOpened} position="bottom-end" shadow="md" loop>
        <Menu.Target>
          <Button
            size="compact-sm"
            variant={left.length === 0 ? "default" : "filled"}
            color="yellow.9"
            rightSection={<Icon name="down" size={14} />}
          >
            {left.length === 0 ? (
              <Trans>My queues</Trans>
            ) : (
              <Trans>
                My queues: {served} of {all}
              </Trans>
            )}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>
            <Trans>Queues whose calls I take</Trans>
          </Menu.Label>
          {mine.map((one) => (
            <Menu.CheckboxItem
              key={one.id}
              checked={!one.left}
              disabled={!may}
              rightSection={
                one.empty && (
                  <small>
                    <Trans>nobody is there</Trans>
                  </small>
                )
              }
              onChange={(serves) => {
                change.mutate({ queue: one.id, left: !serves });
              }}
            >
              {one.title}
            </Menu.CheckboxItem>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Trouble error={change.error} />
    </>
  );
}
