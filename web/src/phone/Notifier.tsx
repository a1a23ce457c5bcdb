import { useLingui } from "@lingui/react/macro";
import { useEffect, useRef } from "react";

import { useLive } from "@/live/useLive";
import { phone } from "@/texts/format";

import { usePhone } from "./slot";
import type { Line } from "./state";

/** Tells by the desktop's notices who rings, when the page is not the one that is looked at. */
export function Notifier({ line }: { line: Line | undefined }) {
  const { t } = useLingui();
  const state = usePhone();
  const call = useLive(({ floor }) => (line?.call ? floor.calls.get(line.call) : undefined));
  const queue = useLive(({ floor }) => (call ? (floor.queues.get(call.queue)?.title ?? call.queue) : ""));
  const who = call?.contact_name || call?.caller_name || (call ? phone(call.caller_number) : "") || line?.party || "";
  const title = t`Incoming call: ${who}`;
  const said = useRef({ title, queue });
  useEffect(() => {
    said.current = { title, queue };
  });
  const id = line && state.holder === "here" ? line.id : "";
  useEffect(() => {
    if (!id || !document.hidden || !("Notification" in window) || Notification.permission !== "granted") return;
    const notice = new Notification(said.current.title, { body: said.current.queue, tag: id });
    notice.onclick = () => {
      window.focus();
    };
    return () => {
      notice.close();
    };
  }, [id]);
  return null;
}
