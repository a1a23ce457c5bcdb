import { useLingui } from "@lingui/react/macro";
import { VisuallyHidden } from "@mantine/core";
import { useEffect } from "react";

import { useQueueTitle } from "@/live/useLive";
import { phone } from "@/texts/format";

import type { Work } from "./work";

/** Tells who rings: to a screen reader, and in the title of the page for whoever looks at another one. */
export function RingAnnouncer({ work }: { work: Work }) {
  const { t } = useLingui();
  const queue = useQueueTitle(work.call?.queue ?? "");
  const rings = work.phase === "ringing" && work.call !== null;
  const who = work.call
    ? work.call.contact_name || work.call.caller_name || phone(work.call.caller_number) || t`number withheld`
    : "";
  const said = rings ? t`Incoming call: ${who}, ${queue}` : "";
  useEffect(() => {
    document.title = said || "Keskus";
    return () => {
      document.title = "Keskus";
    };
  }, [said]);
  return (
    <VisuallyHidden role="status" aria-live="assertive">
      {said}
    </VisuallyHidden>
  );
}
