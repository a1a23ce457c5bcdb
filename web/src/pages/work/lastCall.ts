import type { Call } from "@/live/floor";

const PREFIX = "keskus.last_call.";

/** Keeps the last call in which an operator talked, so that a reload during the wrap-up shows it. */
export function remember(operator: number, call: Call): void {
  localStorage.setItem(PREFIX + String(operator), JSON.stringify(call));
}

export function remembered(operator: number): Call | null {
  const kept = localStorage.getItem(PREFIX + String(operator));
  return kept === null ? null : (JSON.parse(kept) as Call);
}

export function forgetLastCalls(): void {
  for (const place of Object.keys(localStorage)) if (place.startsWith(PREFIX)) localStorage.removeItem(place);
}
