import { useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";

import { useLive, useMyself } from "@/live/useLive";

/** Brings an operator to their work when a call rings, wherever they are; what was typed there is kept. */
export function ToTheCall() {
  const me = useMyself();
  const call = me?.call ?? null;
  const rings = useLive(({ floor }) => call !== null && floor.calls.get(call)?.talking_since === null);
  const navigate = useNavigate();
  useEffect(() => {
    if (rings && !location.pathname.endsWith("/work")) void navigate({ to: "/work" });
  }, [rings, call, navigate]);
  return null;
}
