import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import type { ReactNode } from "react";

import css from "./parts.module.css";

interface Props {
  children: ReactNode;
  undo: () => void;
  /** It takes the place of what had the focus. */
  focus?: boolean;
}

/** Says what was done a moment ago, and takes it back by a click. */
export function Undo({ children, undo, focus = false }: Props) {
  return (
    <p className={css.undo} role="status">
      {children}
      <Button size="compact-sm" variant="subtle" autoFocus={focus} onClick={undo}>
        <Trans>Undo</Trans>
      </Button>
    </p>
  );
}
