import { Trans, useLingui } from "@lingui/react/macro";
import { ActionIcon } from "@mantine/core";
import { useDisclosure, useHotkeys } from "@mantine/hooks";
import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";

import { Dialog } from "@/parts/Dialog";
import { Icon } from "@/parts/Icon";

import { useActions } from "./actions";
import css from "./shell.module.css";

const SHORTCUTS: readonly (readonly [string, MessageDescriptor])[] = [
  ["Alt 1", msg`Available`],
  ["Alt 2", msg`Break for lunch`],
  ["Alt 0", msg`Leave`],
  ["Alt Q", msg`My queues`],
  ["Ctrl K", msg`Search everything`],
  ["Alt E", msg`Change the contact`],
  ["Alt A", msg`Answer the call`],
  ["Alt H", msg`Hang up, or decline`],
  ["Alt P", msg`Hold`],
  ["Alt M", msg`Mute`],
  ["Alt T", msg`Transfer`],
  ["Alt K", msg`Keypad`],
  ["Alt D", msg`Dial the next customer`],
  ["Alt N", msg`To the notes of the call`],
  ["Alt O", msg`New order, or to the order that is open`],
  ["Alt C", msg`New complaint`],
  ["Alt U", msg`Ask a survey, or to the one that is asked`],
  ["Alt S", msg`Search articles`],
  ["Alt W", msg`End wrap-up`],
  ["Ctrl ⏎", msg`Place the order, make the complaint, or save the result`],
  ["1 … 9", msg`Answer a survey, or choose the result of a campaign's call`],
  ["?", msg`This sheet`],
];

/** All keys at a glance. */
export function ShortcutSheet() {
  const { i18n, t } = useLingui();
  const [opened, { toggle, close }] = useDisclosure();
  useHotkeys([["shift+?", toggle]]);
  useActions([{ id: "keys", title: t`All keys`, icon: "keyboard", keys: "?", run: toggle }]);
  return (
    <>
      <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t`Keys`} onClick={toggle} className={css.keys}>
        <Icon name="keyboard" />
      </ActionIcon>
      <Dialog opened={opened} onClose={close} title={<Trans>Keys</Trans>}>
        <dl className={css.sheet}>
          {SHORTCUTS.map(([keys, what]) => (
            <div key={keys}>
              <dt>
                <kbd>{keys}</kbd>
              </dt>
              <dd>{i18n._(what)}</dd>
            </div>
          ))}
        </dl>
      </Dialog>
    </>
  );
}
