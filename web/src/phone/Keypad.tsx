import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useEffect, useRef, useState } from "react";

import css from "./phone.module.css";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];

interface Props {
  label: string;
  press: (digit: string) => void;
  close: () => void;
}

/** Digits for machines at the other end; the keyboard's keys do the same. */
export function Keypad({ label, press, close }: Props) {
  const [pressed, setPressed] = useState("");
  const pad = useRef<HTMLDivElement>(null);
  useEffect(() => {
    pad.current?.focus();
  }, []);
  const hit = (digit: string) => {
    press(digit);
    setPressed((before) => before + digit);
  };
  return (
    <div
      ref={pad}
      role="group"
      aria-label={label}
      tabIndex={-1}
      className={css.panel}
      onKeyDown={(event) => {
        if (event.altKey || event.ctrlKey || event.metaKey) return; // Alt 1 and the like are the page's
        if (event.key === "Escape") close();
        else if (KEYS.includes(event.key)) hit(event.key);
        else return;
        event.stopPropagation();
      }}
    >
      <output className={css.pressed}>{pressed}</output>
      <div className={css.keypad}>
        {KEYS.map((key) => (
          <Button
            key={key}
            variant="default"
            onClick={() => {
              hit(key);
            }}
          >
            {key}
          </Button>
        ))}
      </div>
      <Button size="compact-sm" variant="subtle" color="gray" onClick={close}>
        <Trans>Close</Trans>
      </Button>
    </div>
  );
}
