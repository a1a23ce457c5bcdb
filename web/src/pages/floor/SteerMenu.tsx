import { Trans, useLingui } from "@lingui/react/macro";
import { Menu, UnstyledButton } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { memo, useState } from "react";

import { answer, api } from "@/api/client";
import type { components } from "@/api/contract";
import { useLive } from "@/live/useLive";
import { Icon } from "@/parts/Icon";
import { Trouble } from "@/parts/Trouble";
import { BREAKS, breakText } from "@/texts/states";

import css from "./floor.module.css";

type Presence = components["schemas"]["Presence"];

interface Props {
  /** The operator's. */
  id: number;
  name: string;
}

/** Changes an operator's state for them; the audit log says who did. There is a menu only once it is asked for. */
export const SteerMenu = memo(function SteerMenu({ id, name }: Props) {
  const { t } = useLingui();
  const [asked, setAsked] = useState(false);
  if (asked) return <States id={id} name={name} />;
  return (
    <UnstyledButton
      className={css.steer}
      aria-haspopup="menu"
      aria-label={t`Change the state of ${name}`}
      onClick={() => {
        setAsked(true);
      }}
    >
      <Icon name="down" size={15} />
    </UnstyledButton>
  );
});

function States({ id, name }: Props) {
  const { i18n, t } = useLingui();
  const steer = useMutation({
    mutationFn: (body: { presence: Presence; reason?: string }) =>
      answer(api.PUT("/api/v1/operators/{id}/state", { params: { path: { id } }, body })),
  });
  const operator = useLive(({ floor }) => floor.operators.get(id));
  const queues = useLive(({ floor }) => floor.queues);
  const move = useMutation({
    mutationFn: ({ queue, left }: { queue: string; left: boolean }) =>
      answer(api.PUT("/api/v1/operators/{id}/queues/{queue}", { params: { path: { id, queue } }, body: { left } })),
  });
  const places = [
    ...(operator?.left ?? []).map((queue) => ({ queue, left: true })),
    ...(operator?.queues ?? []).map((queue) => ({ queue, left: false })),
  ];
  return (
    <>
      <Menu position="bottom-end" shadow="md" defaultOpened>
        <Menu.Target>
          <UnstyledButton className={css.steer} aria-label={t`Change the state of ${name}`}>
            <Icon name="down" size={15} />
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            onClick={() => {
              steer.mutate({ presence: "available" });
            }}
          >
            <Trans>Available</Trans>
          </Menu.Item>
          <Menu.Label>
            <Trans>Break</Trans>
          </Menu.Label>
          {BREAKS.map((one) => (
            <Menu.Item
              key={one}
              onClick={() => {
                steer.mutate({ presence: "on_break", reason: one });
              }}
            >
              {breakText(one, i18n._.bind(i18n))}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item
            onClick={() => {
              steer.mutate({ presence: "offline" });
            }}
          >
            <Trans>Offline</Trans>
          </Menu.Item>
          {places.length > 0 && (
            <Menu.Label>
              <Trans>Queues</Trans>
            </Menu.Label>
          )}
          {places.map(({ queue, left }) => {
            const title = queues.get(queue)?.title ?? queue;
            return (
              <Menu.Item
                key={queue}
                onClick={() => {
                  move.mutate({ queue, left: !left });
                }}
              >
                {left ? <Trans>Back into {title}</Trans> : <Trans>Out of {title} for now</Trans>}
              </Menu.Item>
            );
          })}
        </Menu.Dropdown>
      </Menu>
      <Trouble error={steer.error ?? move.error} />
    </>
  );
}
