import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useState, type ReactNode } from "react";

interface Props {
  text: ReactNode;
  /** What the second click does. */
  sure: ReactNode;
  loading: boolean;
  act: () => void;
  size?: string;
}

/** A button for what nothing takes back: it asks for a second click. */
export function Sure({ text, sure, loading, act, size = "sm" }: Props) {
  const [asked, setAsked] = useState(false);
  if (!asked) {
    return (
      <Button
        size={size}
        variant="default"
        loading={loading}
        onClick={() => {
          setAsked(true);
        }}
      >
        {text}
      </Button>
    );
  }
  return (
    <>
      <Button
        size={size}
        color="red"
        autoFocus
        onClick={() => {
          setAsked(false);
          act();
        }}
      >
        {sure}
      </Button>
      <Button
        size={size}
        variant="default"
        onClick={() => {
          setAsked(false);
        }}
      >
        <Trans>Not now</Trans>
      </Button>
    </>
  );
}
