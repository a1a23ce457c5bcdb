import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useRef, useState } from "react";

import { BY_PLACE } from "@/parts/byPlace";
import { Icon } from "@/parts/Icon";
import { useKeysAtOnce } from "@/parts/keysAtOnce";
import { useActions } from "@/shell/actions";

import { Keypad } from "./Keypad";
import css from "./phone.module.css";
import type { Phone } from "./phone";
import { QualityWords } from "./QualityWords";
import { current, ringing, waiting, type PhoneState } from "./state";
import { Transfer } from "./Transfer";

interface Props {
  phone: Phone;
  state: PhoneState;
  rings: boolean;
}

/** What can be done with the call that rings, or in which I am. */
export function LineControls({ phone, state, rings }: Props) {
  const { t } = useLingui();
  const [opened, setOpened] = useState<"keypad" | "transfer" | null>(null);
  const line = current(state);
  const party = line?.party ?? "";
  const talks = !rings && line?.state === "talking";
  const held = waiting(state);
  const transfers = talks && !line.consults;
  /** Where the person was before a panel was opened: they are there again once it is closed. */
  const origin = useRef<Element | null>(null);
  const close = () => {
    setOpened(null);
    if (origin.current instanceof HTMLElement) origin.current.focus();
  };
  const toggle = (what: "keypad" | "transfer") => {
    if (!talks || (what === "transfer" && !transfers)) return;
    if (opened === what) {
      close();
      return;
    }
    if (opened === null) origin.current = document.activeElement;
    setOpened(what);
  };
  useKeysAtOnce([
    [
      "alt+A",
      () => {
        phone.do({ do: "answer" });
      },
      BY_PLACE,
    ],
    [
      "alt+H",
      () => {
        phone.do({ do: "hang_up" });
      },
      BY_PLACE,
    ],
    [
      "alt+P",
      () => {
        phone.do({ do: "hold" });
      },
      BY_PLACE,
    ],
    [
      "alt+M",
      () => {
        phone.do({ do: "mute" });
      },
      BY_PLACE,
    ],
    [
      "alt+T",
      () => {
        toggle("transfer");
      },
      BY_PLACE,
    ],
    [
      "alt+K",
      () => {
        toggle("keypad");
      },
      BY_PLACE,
    ],
  ]);
  const act = (command: "answer" | "hang_up" | "hold" | "mute") => () => {
    phone.do({ do: command });
  };
  useActions([
    ...(rings
      ? [{ id: "answer", title: t`Answer the call`, icon: "phone" as const, keys: "Alt A", run: act("answer") }]
      : []),
    ...(rings || line
      ? [{ id: "hang-up", title: t`Hang up, or decline`, icon: "hang_up" as const, keys: "Alt H", run: act("hang_up") }]
      : []),
    ...(talks
      ? [
          { id: "hold", title: t`Hold`, icon: "pause" as const, keys: "Alt P", run: act("hold") },
          { id: "mute", title: t`Mute`, icon: "silent" as const, keys: "Alt M", run: act("mute") },
        ]
      : []),
    ...(transfers
      ? [
          {
            id: "transfer",
            title: t`Transfer`,
            icon: "transfer" as const,
            keys: "Alt T",
            run: () => {
              toggle("transfer");
            },
          },
        ]
      : []),
  ]);
  if (rings) {
    return (
      <div className={css.controls}>
        <Button
          size="compact-md"
          color="teal.9"
          leftSection={<Icon name="phone" />}
          onClick={() => {
            phone.do({ do: "answer" });
          }}
        >
          <Trans>Answer the call</Trans>
        </Button>
        {ringing(state) && (
          <Button
            size="compact-md"
            variant="default"
            leftSection={<Icon name="close" />}
            onClick={() => {
              phone.do({ do: "hang_up" });
            }}
          >
            <Trans>Decline</Trans>
          </Button>
        )}
      </div>
    );
  }
  if (!line) return null;
  return (
    <div className={css.controls}>
      {line.state === "dialling" && (
        <span>
          <Trans>Calling {party}</Trans>
        </span>
      )}
      {line.state === "resuming" && (
        <span>
          <Trans>Back in the call in a moment</Trans>
        </span>
      )}
      {line.consults && held && (
        <Button
          size="compact-md"
          disabled={line.state !== "talking"}
          leftSection={<Icon name="transfer" />}
          onClick={() => {
            phone.do({ do: "complete" });
          }}
        >
          <Trans>Connect them</Trans>
        </Button>
      )}
      {talks && (
        <>
          <Button
            size="compact-md"
            variant={line.held ? "filled" : "default"}
            color="grape.9"
            aria-pressed={line.held}
            leftSection={<Icon name="pause" />}
            onClick={() => {
              phone.do({ do: "hold" });
            }}
          >
            <Trans>Hold</Trans>
          </Button>
          <Button
            size="compact-md"
            variant={line.muted ? "filled" : "default"}
            color="yellow.9"
            aria-pressed={line.muted}
            leftSection={<Icon name="silent" />}
            onClick={() => {
              phone.do({ do: "mute" });
            }}
          >
            <Trans>Mute</Trans>
          </Button>
          <Button
            size="compact-md"
            variant="default"
            aria-expanded={opened === "keypad"}
            leftSection={<Icon name="keypad" />}
            onClick={() => {
              toggle("keypad");
            }}
          >
            <Trans>Keypad</Trans>
          </Button>
          {transfers && (
            <Button
              size="compact-md"
              variant="default"
              aria-expanded={opened === "transfer"}
              loading={line.transfer === "asked"}
              leftSection={<Icon name="transfer" />}
              onClick={() => {
                toggle("transfer");
              }}
            >
              <Trans>Transfer</Trans>
            </Button>
          )}
        </>
      )}
      <Button
        size="compact-md"
        color="red.9"
        leftSection={<Icon name="hang_up" />}
        onClick={() => {
          phone.do({ do: "hang_up" });
        }}
      >
        {line.consults ? <Trans>Back to the caller</Trans> : <Trans>Hang up</Trans>}
      </Button>
      {line.quality && <QualityWords quality={line.quality} />}
      {talks && opened === "keypad" && (
        <Keypad
          label={t`Keypad`}
          press={(digit) => {
            phone.do({ do: "digit", digit });
          }}
          close={close}
        />
      )}
      {transfers && opened === "transfer" && (
        <Transfer
          transfer={(number) => {
            phone.do({ do: "transfer", number });
            close();
          }}
          consult={(number) => {
            phone.do({ do: "consult", number });
            close();
          }}
          close={close}
        />
      )}
    </div>
  );
}
