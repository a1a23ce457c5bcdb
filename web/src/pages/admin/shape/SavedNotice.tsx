import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useQuery, type UseMutationResult } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { useMay } from "@/api/session";
import { Icon } from "@/parts/Icon";
import { Trouble } from "@/parts/Trouble";

import { setupQuery } from "../setup/setupQuery";
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
  const made = saved.former === null;
  const setup = useQuery({ ...setupQuery, enabled: useMay("queues.write") && made });
  return (
    <div role="status" className={css.saved}>
      <Icon name="check" size={17} />
      {made ? <Trans>Made.</Trans> : <Trans>Saved.</Trans>}
      {made && isDraft(saved.answered) && (
        <span>
          <Trans>Operators see it once it is published.</Trans>
        </span>
      )}
      {made && (
        <Link to={addressOf(subject, saved.id)}>
          <Trans>Open it</Trans>
        </Link>
      )}
      {setup.data?.done === false && (
        <Link to="/admin">
          <Trans>To the next of the first steps</Trans>
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

/** Whether operators see nothing of it yet: articles, scripts and surveys begin as drafts. */
function isDraft(answered: unknown): boolean {
  return typeof answered === "object" && answered !== null && "state" in answered && answered.state === "draft";
}
