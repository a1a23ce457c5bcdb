import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import type { ReactNode } from "react";

import css from "./parts.module.css";

/** Says what was done a moment ago, and takes it back by a click. */
export function Undo({ children, undo }: { children: ReactNode; undo: () => void }) {
  return (
    <p className={css.undo} role="status">
      {children}
      <Button size="compact-sm" variant="subtle" onClick={undo}>
        <Trans>Undo</Trans>
      </Button>
    </p>
  );
}
