import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Menu } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { useMutation } from "@tanstack/react-query";

import { answer, api } from "@/api/client";
import type { components } from "@/api/contract";
import { sinceOf, stateOf } from "@/live/states";
import { useMyself } from "@/live/useLive";
import { BreakTime } from "@/parts/BreakTime";
import { Icon } from "@/parts/Icon";
import { Mark } from "@/parts/Mark";
import { RunningTime } from "@/parts/RunningTime";
import { Trouble } from "@/parts/Trouble";
import { thePhone } from "@/phone/slot";
import { BREAKS, breakText, STATE_TEXTS } from "@/texts/states";

import { useActions } from "./actions";
import { MyQueues } from "./MyQueues";
import css from "./shell.module.css";

type Presence = components["schemas"]["Presence"];

/** What I do, since when, and what I want to do next. A break that is asked for in a call begins after it. */
export function PresenceControl() {
  const me = useMyself();
  const { i18n, t } = useLingui();
  const translate = i18n._.bind(i18n);
  const be = useMutation({
    mutationFn: async ({ presence, reason = "" }: { presence: Presence; reason?: string }) => {
      // The click lets the page ring, and tries microphone and speaker: no call is lost because they do not work.
      if (presence === "available" && !((await thePhone()?.prove()) ?? true)) return;
      await answer(api.PUT("/api/v1/me/state", { body: { presence, reason } }));
    },
  });
  const want = (presence: Presence, reason?: string) => {
    if (me) be.mutate({ presence, reason });
  };
  useHotkeys(
    [
      [
        "alt+1",
        () => {
          want("available");
        },
      ],
      [
        "alt+2",
        () => {
          want("on_break", BREAKS[0]);
        },
      ],
      [
        "alt+0",
        () => {
          want("offline");
        },
      ],
    ],
    [],
  );
  useActions(
    me
      ? [
          {
            id: "available",
            title: t`Available`,
            icon: "headset",
            keys: "Alt 1",
            run: () => {
              want("available");
            },
          },
          ...BREAKS.map((one, at) => {
            const why = breakText(one, translate);
            return {
              id: `break ${one}`,
              title: me.call === null ? t`Break: ${why}` : t`Break after this call: ${why}`,
              icon: "pause" as const,
              ...(at === 0 ? { keys: "Alt 2" } : {}),
              run: () => {
                want("on_break", one);
              },
            };
          }),
          {
            id: "leave",
            title: t`Leave`,
            icon: "exit",
            keys: "Alt 0",
            run: () => {
              want("offline");
            },
          },
        ]
      : [],
  );
  if (!me) return <div />;
  const state = stateOf(me);
  const since = sinceOf(me);
  const wanted = me.pending ?? me.presence;
  const reason = state === "on_break" && me.break_reason ? breakText(me.break_reason, translate) : "";
  const inCall = me.call !== null;
  const colleagues = me.colleagues.map((one) => one.name).join(", ");
  return (
    <div className={css.presence}>
      <p className={css.state} data-state={state} role="status">
        <Mark state={state} size={16} />
        <span>
          <b>
            {i18n._(STATE_TEXTS[state])}
            {reason && `: ${reason}`}
          </b>
          {state === "on_break" && me.break_until !== null && (
            <small>
              <BreakTime until={me.break_until} />
            </small>
          )}
          {colleagues && (
            <small>
              <Trans>with a colleague: {colleagues}</Trans>
            </small>
          )}
          {me.pending && <small>{pendingWords(me.pending, me.pending_reason)}</small>}
        </span>
        {since !== null && state !== "offline" && <RunningTime since={since} />}
      </p>
      <div className={css.presences}>
        <Button
          size="compact-sm"
          variant={wanted === "available" ? "filled" : "default"}
          color="teal.9"
          aria-pressed={wanted === "available"}
          onClick={() => {
            want("available");
          }}
        >
          <Trans>Available</Trans>
        </Button>
        <Menu position="bottom-end" shadow="md" loop>
          <Menu.Target>
            <Button
              size="compact-sm"
              variant={wanted === "on_break" ? "filled" : "default"}
              color="yellow.9"
              rightSection={<Icon name="down" size={14} />}
            >
              {inCall ? <Trans>Break after this call</Trans> : <Trans>Break</Trans>}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Label>
              <Trans>Reason of the break</Trans>
            </Menu.Label>
            {BREAKS.map((one) => (
              <Menu.Item
                key={one}
                onClick={() => {
                  want("on_break", one);
                }}
              >
                {breakText(one, translate)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
        <Button
          size="compact-sm"
          variant={wanted === "offline" ? "filled" : "default"}
          color="gray.7"
          aria-pressed={wanted === "offline"}
          onClick={() => {
            want("offline");
          }}
        >
          <Trans>Leave</Trans>
        </Button>
        <MyQueues />
      </div>
      <Trouble error={be.error} />
    </div>
  );

  function pendingWords(pending: Presence, why: string) {
    const what =
      i18n._(STATE_TEXTS[pending === "available" ? "idle" : pending]) + (why ? `: ${breakText(why, translate)}` : "");
    return <Trans>then: {what}</Trans>;
  }
}
