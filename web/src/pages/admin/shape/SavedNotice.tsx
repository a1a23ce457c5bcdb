import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import type { UseMutationResult } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { Icon } from "@/parts/Icon";
import { Trouble } from "@/parts/Trouble";

import css from "./shape.module.css";
import { addressOf, type AnySubject } from "./subject";

export interface LastChange {
  id: string;
  tag: string;
  former: Record<string, unknown> | null;
  answered: unknown;
}

interface Props {
  subject: AnySubject;
  saved: LastChange;
  undo: UseMutationResult<unknown, Error, LastChange>;
}

/** Says that a change was made, and takes it back. */
export function SavedNotice({ subject, saved, undo }: Props) {
  const undoable = saved.former ? subject.change : subject.remove;
  return (
    <div role="status" className={css.saved}>
      <Icon name="check" size={17} />
      {saved.former ? <Trans>Saved.</Trans> : <Trans>Made.</Trans>}
      {!saved.former && (
        <Link to={addressOf(subject, saved.id)}>
          <Trans>Open it</Trans>
        </Link>
      )}
      {undoable && (
        <Button
          size="compact-sm"
          variant="default"
          loading={undo.isPending}
          onClick={() => {
            undo.mutate(saved);
          }}
        >
          <Trans>Undo</Trans>
        </Button>
      )}
      <Trouble error={undo.error} />
    </div>
  );
}
