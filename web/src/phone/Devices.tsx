import { Trans, useLingui } from "@lingui/react/macro";
import { Button, NativeSelect } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";

import { Icon } from "@/parts/Icon";

import { HeadsetChoice } from "./HeadsetChoice";
import { Level } from "./Level";
import type { Phone } from "./phone";
import { NoticesChoice } from "./NoticesChoice";
import css from "./phone.module.css";
import type { DeviceKind } from "./sound";

/** Which microphone, speaker and ring are used, and how loud the microphone is; it opens by itself while they are tried. */
export function Devices({ phone, trying }: { phone: Phone; trying: boolean }) {
  const { sound } = phone;
  const { t } = useLingui();
  const [opened, { toggle, close }] = useDisclosure();
  const listed: readonly (readonly [DeviceKind, string])[] = [
    ["microphone", t`Microphone`],
    ["speaker", t`Speaker`],
    ["ringer", t`Ring`],
  ];
  const level = sound.level();
  return (
    <>
      {level !== null && !opened && <Level sound={sound} />}
      <Button
        size="compact-sm"
        variant="subtle"
        color="gray"
        aria-expanded={opened}
        loading={trying}
        leftSection={<Icon name="sound" />}
        onClick={toggle}
      >
        <Trans>Devices</Trans>
      </Button>
      {opened && (
        <div
          role="group"
          aria-label={t`Devices`}
          className={css.panel}
          onKeyDown={(event) => {
            if (event.key === "Escape") close();
          }}
        >
          {listed.map(([kind, label]) => (
            <NativeSelect
              key={kind}
              label={label}
              value={sound.choice[kind]}
              onChange={(event) => void sound.choose(kind, event.currentTarget.value)}
              data={[
                { value: "", label: t`Chosen by the browser` },
                ...sound.devices[kind].map((one, at) => ({
                  value: one.id,
                  label: one.name || `${label} ${String(at + 1)}`,
                })),
              ]}
            />
          ))}
          <Level sound={sound} />
          <NoticesChoice />
          <div className={css.choice}>
            <Button size="compact-sm" variant="default" onClick={() => void sound.try()}>
              <Trans>Try them</Trans>
            </Button>
            <HeadsetChoice phone={phone} />
            <Button size="compact-sm" variant="subtle" color="gray" onClick={close}>
              <Trans>Close</Trans>
            </Button>
          </div>
        </div>
      )}
    </>
  );
}
