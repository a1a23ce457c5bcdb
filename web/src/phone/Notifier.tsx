import { useLingui } from "@lingui/react/macro";
import { useEffect } from "react";

import { useLive, useQueueTitle } from "@/live/useLive";
import { phone } from "@/texts/format";

import { mayNotify } from "./notices";

interface Props {
  /** The call that rings here; null: its id is not known, or none rings. */
  call: string | null;
  /** Who rings, as the phone was told; empty: nobody does. */
  party: string;
  /** The page itself rings without a sound. */
  silent: boolean;
}

/** Tells by the desktop's notices who rings and for which queue, when another window is looked at, or nothing is heard. */
export function Notifier({ call, party, silent }: Props) {
  const { t } = useLingui();
  const known = useLive(({ floor }) => (call ? floor.calls.get(call) : undefined));
  const queue = useQueueTitle(known?.queue ?? "");
  const who = known?.contact_name || known?.caller_name || (known ? phone(known.caller_number) : "") || party;
  const title = who && t`Incoming call: ${who}`;
  useEffect(() => {
    if (!title || (document.hasFocus() && !silent) || mayNotify() !== "granted") return;
    const notice = new Notification(title, { body: queue, tag: "keskus.call", requireInteraction: true });
    notice.onclick = () => {
      window.focus();
      notice.close();
    };
    return () => {
      notice.close();
    };
  }, [title, queue, silent]);
  return null;
}
