import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import type { ReactNode } from "react";

import css from "./parts.module.css";

interface Props {
  /** What two people have changed. */
  what: ReactNode;
  mine: ReactNode;
  theirs: ReactNode;
  keepMine: () => void;
  keepTheirs: () => void;
  /** Undefined: the two cannot stand together. */
  keepBoth?: (() => void) | undefined;
}

/** Somebody else has changed meanwhile what is typed here: both side by side, and which of them is to stay. */
export function Clash({ what, mine, theirs, keepMine, keepTheirs, keepBoth }: Props) {
  return (
    <div className={css.clash} role="alert">
      <p>
        <Trans>Somebody else has changed this meanwhile:</Trans> <b>{what}</b>
      </p>
      <div className={css.versions}>
        <div>
          <h3>
            <Trans>Yours</Trans>
          </h3>
          <div>{mine || <Trans>empty</Trans>}</div>
          <Button size="compact-sm" onClick={keepMine}>
            <Trans>Keep yours</Trans>
          </Button>
        </div>
        <div>
          <h3>
            <Trans>Theirs</Trans>
          </h3>
          <div>{theirs || <Trans>empty</Trans>}</div>
          <Button size="compact-sm" variant="default" onClick={keepTheirs}>
            <Trans>Keep theirs</Trans>
          </Button>
        </div>
      </div>
      {keepBoth && (
        <Button size="compact-sm" variant="default" onClick={keepBoth}>
          <Trans>Keep both</Trans>
        </Button>
      )}
    </div>
  );
}
