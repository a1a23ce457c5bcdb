import { Trans, useLingui } from "@lingui/react/macro";

import type { components } from "@/api/contract";
import { useFormats } from "@/texts/format";
import { COMPLAINT_TEXTS, SEVERITY_TEXTS } from "@/texts/states";

import css from "../work.module.css";

/** A complaint in a list: what it is about, how far it is, and by when it is due. */
export function ComplaintRow({ complaint }: { complaint: components["schemas"]["ComplaintOut"] }) {
  const { i18n } = useLingui();
  const formats = useFormats();
  const due = complaint.due_at === null ? null : formats.date(complaint.due_at);
  return (
    <li className={css.complaint}>
      <b>
        #{complaint.id} {complaint.subject}
      </b>
      <span className={css.about}>
        {i18n._(COMPLAINT_TEXTS[complaint.state])} · {i18n._(SEVERITY_TEXTS[complaint.severity])}
        {complaint.owner_name && ` · ${complaint.owner_name}`}
      </span>
      {due !== null && (
        <span className={complaint.late ? css.late : css.about}>
          {complaint.late ? <Trans>late since {due}</Trans> : <Trans>due {due}</Trans>}
        </span>
      )}
    </li>
  );
}
