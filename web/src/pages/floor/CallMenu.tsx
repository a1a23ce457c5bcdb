import { Trans, useLingui } from "@lingui/react/macro";
import { Menu, UnstyledButton } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { memo, useState } from "react";

import { answer, api } from "@/api/client";
import { useMay } from "@/api/session";
import { useLive } from "@/live/useLive";
import { callOff, holdBack, useHolding } from "@/parts/held";
import { Icon } from "@/parts/Icon";
import { Trouble } from "@/parts/Trouble";
import { Undo } from "@/parts/Undo";

import css from "./floor.module.css";

interface Props {
  id: string;
  /** Who calls. */
  name: string;
  waits: boolean;
  queue: string;
}

/** What a supervisor does with a call: look at it, move a caller who waits, end it. */
export const CallMenu = memo(function CallMenu(props: Props) {
  const { t } = useLingui();
  const [asked, setAsked] = useState(false);
  const { name } = props;
  if (asked) return <Actions {...props} />;
  return (
    <UnstyledButton
      className={css.callMenu}
      aria-haspopup="menu"
      aria-label={t`What to do with the call of ${name}`}
      onClick={() => {
        setAsked(true);
      }}
    >
      <Icon name="down" size={15} />
    </UnstyledButton>
  );
});

function Actions({ id, name, waits, queue }: Props) {
  const { t } = useLingui();
  const steers = useMay("calls.steer");
  const [opened, setOpened] = useState(true);
  const queues = useLive(({ floor }) => floor.queues);
  const move = useMutation({
    mutationFn: (to: string) =>
      answer(api.POST("/api/v1/calls/{id}/queue", { params: { path: { id } }, body: { queue: to } })),
  });
  const end = () => answer(api.POST("/api/v1/calls/{id}/end", { params: { path: { id } } }));
  const held = `call ${id}`;
  const ending = useHolding(held);
  if (ending?.is === "held") {
    return (
      <Undo
        undo={() => {
          callOff(held);
        }}
        focus
      >
        <Trans>The call ends</Trans>
      </Undo>
    );
  }
  const others = [...queues.values()].filter((one) => one.id !== queue && one.paused === null);
  return (
    <>
      <Menu position="bottom-end" shadow="md" opened={opened} onChange={setOpened}>
        <Menu.Target>
          <UnstyledButton className={css.callMenu} aria-label={t`What to do with the call of ${name}`}>
            <Icon name="down" size={15} />
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item renderRoot={(props) => <Link to="/calls/$id" params={{ id }} {...props} />}>
            <Trans>Look at the call</Trans>
          </Menu.Item>
          {steers && waits && others.length > 0 && (
            <>
              <Menu.Label>
                <Trans>Move to</Trans>
              </Menu.Label>
              {others.map((one) => (
                <Menu.Item
                  key={one.id}
                  onClick={() => {
                    move.mutate(one.id);
                  }}
                >
                  {one.title}
                </Menu.Item>
              ))}
            </>
          )}
          {steers && (
            <>
              <Menu.Divider />
              <Menu.Item
                onClick={() => {
                  holdBack(held, end);
                }}
              >
                <Trans>End the call</Trans>
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      <Trouble error={move.error ?? (ending?.is === "failed" ? ending.error : null)} />
    </>
  );
}
