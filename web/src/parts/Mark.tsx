import type { OperatorState } from "@/live/states";

/** Each state has a shape of its own, so that nobody has to tell colours apart. */
const SHAPES: Record<OperatorState | "waiting" | "parked", string> = {
  idle: "M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2Z",
  talking: "M4 2.5v11l9-5.5Z",
  calling_out: "M3 13 13 3M6 3h7v7",
  ringing: "M8 1.5 14.5 8 8 14.5 1.5 8Z",
  reserved: "M8 1.5 14.5 8 8 14.5 1.5 8Z",
  waiting: "M8 1.5 14.5 8 8 14.5 1.5 8Z",
  on_hold: "M3.5 2.5h3v11h-3ZM9.5 2.5h3v11h-3Z",
  parked: "M3.5 2.5h3v11h-3ZM9.5 2.5h3v11h-3Z",
  wrap_up: "M3 3h10v2.6H3ZM3 6.8h10v2.6H3ZM3 10.6h6v2.6H3Z",
  previewing: "M3 3h10v2.6H3ZM3 6.8h10v2.6H3ZM3 10.6h6v2.6H3Z",
  on_break: "M8 2a6 6 0 0 1 0 12V2ZM8 3.2a4.8 4.8 0 0 0 0 9.6",
  offline: "M8 2.8a5.2 5.2 0 1 1 0 10.4A5.2 5.2 0 0 1 8 2.8Z",
  no_phone: "M3 3l10 10M13 3 3 13",
};

const OUTLINED = new Set(["offline", "no_phone", "calling_out"]);

/** The sign of a state; the words beside it say what it means. */
export function Mark({ state, size = 14 }: { state: keyof typeof SHAPES; size?: number }) {
  const outlined = OUTLINED.has(state);
  return (
    <svg
      aria-hidden
      width={size}
      height={size}
      viewBox="0 0 16 16"
      data-state={state}
      style={{ flex: "none", color: "var(--state)" }}
    >
      <path
        d={SHAPES[state]}
        fill={outlined ? "none" : "currentColor"}
        stroke="currentColor"
        strokeWidth={outlined ? 2.2 : 0.8}
        strokeLinejoin="round"
        strokeLinecap="round"
      />
    </svg>
  );
}
