import { Button } from "@mantine/core";
import { useState, type ReactNode } from "react";

import { callOff, holdBack, useHolding } from "./held";
import { Trouble } from "./Trouble";
import { Undo } from "./Undo";

interface Props {
  /** What is done to what: one wish for each. */
  id: string;
  text: ReactNode;
  /** What is said while it can be called off. */
  held: ReactNode;
  act: () => Promise<unknown>;
  size?: string;
}

/** A button for what nothing takes back: it is done some seconds later, and until then can be undone in its place. */
export function HeldButton({ id, text, held, act, size = "sm" }: Props) {
  const holding = useHolding(id);
  const [back, setBack] = useState(false);
  if (holding?.is === "held") {
    return (
      <Undo
        undo={() => {
          setBack(true);
          callOff(id);
        }}
        focus
      >
        {held}
      </Undo>
    );
  }
  return (
    <>
      <Button
        size={size}
        variant="default"
        loading={holding?.is === "sent"}
        autoFocus={back}
        onClick={() => {
          holdBack(id, act);
        }}
      >
        {text}
      </Button>
      <Trouble error={holding?.is === "failed" ? holding.error : null} />
    </>
  );
}
