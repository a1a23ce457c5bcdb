import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useEffect, useRef, useState } from "react";

import { useClock } from "@/live/clock";
import { useLiveStore } from "@/live/useLive";
import { Icon } from "@/parts/Icon";

import { isOverLimit } from "./limits";
import { usePassed } from "./PassedLimits";

/** Sounds when one more limit is passed; a browser lets a page sound only after a click, which this button is. */
export function AlarmSound() {
  const store = useLiveStore();
  const sound = useRef<AudioContext | null>(null);
  const [on, setOn] = useState(false);
  const queues = usePassed();
  const passed = useClock(() => {
    const { floor } = store.read();
    const campaigns = [...floor.campaigns.values()].filter(isOverLimit).map((one) => `campaign ${String(one.id)}`);
    return [queues, ...campaigns, ...floor.alarms.map((one) => one.raised)].join("\n");
  });
  const before = useRef(passed);
  useEffect(() => {
    const known = new Set(before.current.split("\n"));
    before.current = passed;
    if (on && sound.current && passed.split("\n").some((one) => one && !known.has(one))) chime(sound.current);
  }, [passed, on]);
  useEffect(
    () => () => {
      void sound.current?.close();
      sound.current = null;
    },
    [],
  );
  const turn = () => {
    sound.current ??= new AudioContext();
    if (!on) chime(sound.current);
    setOn(!on);
  };
  return (
    <Button
      size="compact-sm"
      variant="default"
      aria-pressed={on}
      leftSection={<Icon name={on ? "sound" : "silent"} size={16} />}
      onClick={turn}
    >
      {on ? <Trans>Alarms sound</Trans> : <Trans>Alarms are silent</Trans>}
    </Button>
  );
}

const NOTES_HZ = [660, 880];
const NOTE_S = 0.18;
const LOUDNESS = 0.15; // 0..1

function chime(context: AudioContext): void {
  NOTES_HZ.forEach((hertz, at) => {
    const tone = new OscillatorNode(context, { frequency: hertz });
    const gain = new GainNode(context, { gain: LOUDNESS });
    tone.connect(gain).connect(context.destination);
    tone.start(context.currentTime + at * NOTE_S);
    tone.stop(context.currentTime + (at + 1) * NOTE_S);
  });
}
