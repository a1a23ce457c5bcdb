import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";

import type { components } from "@/api/contract";
import { useFormats } from "@/texts/format";
import { useLocale } from "@/texts/speaking";

import css from "./audit.module.css";
import { changesOf } from "./changes";
import { UndoChange } from "./UndoChange";

/** One change: who, what, when; unfolded the fields before and after. */
export function AuditEntry({ event }: { event: components["schemas"]["EventOut"] }) {
  const { t } = useLingui();
  const { time } = useFormats();
  const locale = useLocale();
  const [open, setOpen] = useState(false);
  const changes = changesOf(event.before, event.after);
  const day = new Date(event.at).toLocaleDateString(locale);
  const what = `${event.kind} ${event.subject.id}`;
  return (
    <li>
      <button
        type="button"
        className={css.event}
        aria-expanded={open}
        onClick={() => {
          setOpen(!open);
        }}
      >
        <time dateTime={event.at}>
          {day} {time(event.at)}
        </time>
        <b>{what}</b>
        <span>{event.who.name || event.who.kind}</span>
      </button>
      {open && (
        <div className={css.changes}>
          {changes.length === 0 ? (
            <p>
              <Trans>Nothing more is known of it.</Trans>
            </p>
          ) : (
            <table aria-label={t`Fields of ${what}`}>
              <thead>
                <tr>
                  <th scope="col">
                    <Trans>Field</Trans>
                  </th>
                  <th scope="col">
                    <Trans>Before</Trans>
                  </th>
                  <th scope="col">
                    <Trans>After</Trans>
                  </th>
                </tr>
              </thead>
              <tbody>
                {changes.map(({ field, before, after }) => (
                  <tr key={field}>
                    <th scope="row">{field}</th>
                    <td>{before}</td>
                    <td>{after}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
          <UndoChange event={event} />
        </div>
      )}
    </li>
  );
}
