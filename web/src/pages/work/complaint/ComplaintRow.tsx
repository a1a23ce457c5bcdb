import { Trans, useLingui } from "@lingui/react/macro";
import { UnstyledButton } from "@mantine/core";
import { lazy, Suspense, useEffect, useRef, useState } from "react";

import { Waiting } from "@/parts/Waiting";
import { useFormats } from "@/texts/format";
import { COMPLAINT_TEXTS, SEVERITY_TEXTS } from "@/texts/states";

import css from "../work.module.css";
import type { Complaint } from "./complaints";

const ComplaintDetails = lazy(() => import("./ComplaintDetails").then((part) => ({ default: part.ComplaintDetails })));

interface Props {
  complaint: Complaint;
  call: string;
  /** Somebody talks with the customer here: the call can go along with the complaint. */
  talks: boolean;
  /** It came with the call: what was said of it is open at once. */
  opened: boolean;
  /** It has just been made here: the keyboard goes on from it. */
  fresh: boolean;
}

/** A complaint in a list: what it is about, how far it is, by when it is due; a click opens all of it. */
export function ComplaintRow({ complaint, call, talks, opened, fresh }: Props) {
  const { i18n } = useLingui();
  const formats = useFormats();
  const [chosen, setChosen] = useState<boolean | null>(null);
  const open = chosen ?? opened;
  const place = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (fresh) place.current?.focus();
  }, [fresh]);
  const due = complaint.due_at === null ? null : formats.date(complaint.due_at);
  return (
    <li className={css.complaint}>
      <UnstyledButton
        ref={place}
        aria-expanded={open}
        onClick={() => {
          setChosen(!open);
        }}
      >
        <b>
          #{complaint.id} {complaint.subject}
        </b>
      </UnstyledButton>
      <span className={css.about}>
        {i18n._(COMPLAINT_TEXTS[complaint.state])} · {i18n._(SEVERITY_TEXTS[complaint.severity])}
        {complaint.owner_name && ` · ${complaint.owner_name}`}
      </span>
      {due !== null && (
        <span className={complaint.late ? css.late : css.about}>
          {complaint.late ? <Trans>late since {due}</Trans> : <Trans>due {due}</Trans>}
        </span>
      )}
      {open && (
        <Suspense fallback={<Waiting />}>
          <ComplaintDetails id={complaint.id} call={call} talks={talks} />
        </Suspense>
      )}
    </li>
  );
}
