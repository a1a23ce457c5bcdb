import { useLingui } from "@lingui/react/macro";
import { useEffect, useRef } from "react";

import css from "./phone.module.css";
import type { Sound } from "./sound";

/** How loud the microphone is, while it is open. */
export function Level({ sound }: { sound: Sound }) {
  const { t } = useLingui();
  const bar = useRef<HTMLMeterElement>(null);
  useEffect(() => {
    let next = 0;
    const draw = () => {
      if (bar.current) bar.current.value = sound.level() ?? 0;
      next = requestAnimationFrame(draw);
    };
    draw();
    return () => {
      cancelAnimationFrame(next);
    };
  }, [sound]);
  return <meter ref={bar} className={css.level} min={0} max={1} aria-label={t`Level of the microphone`} />;
}
