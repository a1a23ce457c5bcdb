import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";

import { useLive, useLiveStore } from "@/live/useLive";
import { Icon } from "@/parts/Icon";
import { useFormats } from "@/texts/format";

import css from "./shell.module.css";

/** Says when what is shown may not be so: the service, the PBX or the database is away. Silent while all is well. */
export function LineNotice() {
  const line = useLive((live) => live.line);
  const linked = useLive(({ floor }) => floor.linked);
  const records = useLive(({ floor }) => floor.records);
  return (
    <div role="status" className={css.notices}>
      {line === "connecting" && (
        <Notice>
          <Trans>Connecting to the service…</Trans>
        </Notice>
      )}
      {line === "stale" && <Stale />}
      {line === "live" && !linked && (
        <Notice bad>
          <Trans>The PBX does not answer. Calls go on in the PBX itself; they are shown again when it answers.</Trans>
        </Notice>
      )}
      {line === "live" && records === "kept" && (
        <Notice>
          <Trans>The database does not answer. Records are kept on the server and written later.</Trans>
        </Notice>
      )}
      {line === "live" && records === "refused" && (
        <Notice bad>
          <Trans>The database does not answer, and new records are being lost. Tell the administrator.</Trans>
        </Notice>
      )}
    </div>
  );
}

function Stale() {
  const store = useLiveStore();
  const formats = useFormats();
  const at = store.line.heardAt === null ? "" : formats.time(store.line.heardAt);
  return (
    <Notice>
      <Trans>
        No connection. You see the floor as it was at {at}. What you type is kept, and sent when the service answers.
      </Trans>
    </Notice>
  );
}

function Notice({ bad = false, children }: { bad?: boolean; children: ReactNode }) {
  return (
    <p className={css.notice} data-state={bad ? "bad" : "on_break"}>
      <Icon name="complaint" size={16} />
      <span>{children}</span>
    </p>
  );
}
