import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState, type ReactNode } from "react";

import { changed, FOLLOWED } from "@/api/queries";
import { forgetSession, type Me } from "@/api/session";
import { BROWSER, LiveStore } from "@/live/store";
import { LiveContext } from "@/live/useLive";
import { notes } from "@/notes/notes";
import { orders } from "@/orders/orders";

/** Keeps the line to the service open while somebody is logged in. */
export function LiveProvider({ me, children }: { me: Me; children: ReactNode }) {
  const client = useQueryClient();
  const [store] = useState(() => {
    const subjects = Object.entries(FOLLOWED).flatMap(([subject, needs]) =>
      needs !== undefined && me.permissions.includes(needs) ? [subject] : [],
    );
    const ears = {
      changed: (change: Parameters<typeof changed>[1]) => {
        changed(client, change);
      },
      loginEnded: () => {
        forgetSession(client);
      },
    };
    return new LiveStore(ears, BROWSER, subjects);
  });
  useEffect(() => {
    store.line.open();
    notes.resume(me.id);
    orders.resume(me.id);
    return () => {
      store.line.close();
      notes.stop();
      orders.stop();
    };
  }, [store, me.id]);
  return <LiveContext value={store}>{children}</LiveContext>;
}
