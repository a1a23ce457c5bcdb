import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import type { components } from "@/api/contract";
import { Trouble } from "@/parts/Trouble";

import type { Form } from "../shape/paths";
import type { Tagged } from "../shape/subject";
import { SUBJECTS } from "../subjects";
import css from "./audit.module.css";
import { SUBJECT_OF_EVENT } from "./subjectOfEvent";
import { undone } from "./undone";

/** Takes one change back, as long as nobody has changed the same fields since. */
export function UndoChange({ event }: { event: components["schemas"]["EventOut"] }) {
  const client = useQueryClient();
  const subject = SUBJECTS.get(SUBJECT_OF_EVENT[event.subject.kind] ?? "");
  const id = event.subject.id;
  const changed = event.kind.endsWith(".changed");
  const now = useQuery({
    queryKey: ["admin", subject?.name, "one", id],
    queryFn: async () => (await subject?.read?.(id)) as Tagged<unknown>,
    enabled: subject !== undefined && changed,
    staleTime: 0,
    retry: false,
  });
  const form = subject && now.data ? undone(subject.form(now.data.data) as Form, event.before, event.after) : null;
  const undo = useMutation({
    mutationFn: async (put: Form) => {
      await subject?.change?.(id, put, now.data?.tag ?? "");
    },
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ["audit"] }),
        client.invalidateQueries({ queryKey: ["admin", subject?.name] }),
      ]),
  });
  if (!subject) return null;
  return (
    <div className={css.undo}>
      <Link to="/admin/$subject/$id" params={{ subject: subject.name, id }}>
        <Trans>As it is now</Trans>
      </Link>
      {form && (
        <Button
          size="compact-sm"
          variant="default"
          loading={undo.isPending}
          onClick={() => {
            undo.mutate(form);
          }}
        >
          <Trans>Undo this change</Trans>
        </Button>
      )}
      {changed && now.isSuccess && !form && (
        <span>
          <Trans>It was changed once more since, or cannot be undone from here.</Trans>
        </span>
      )}
      <Trouble error={undo.error} />
    </div>
  );
}
