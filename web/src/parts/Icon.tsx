const PATHS = {
  headset:
    "M4 14v-2a8 8 0 0 1 16 0v2M4 14a2 2 0 0 1 2-2h1v6H6a2 2 0 0 1-2-2Zm16 0a2 2 0 0 0-2-2h-1v6h1a2 2 0 0 0 2-2Zm0 2v1a3 3 0 0 1-3 3h-3",
  wall: "M4 5h7v6H4Zm9 0h7v9h-7ZM4 13h7v6H4Zm9 3h7v3h-7Z",
  report: "M4 20V10h4v10Zm6 0V4h4v16Zm6 0v-7h4v7Z",
  search: "M11 4a7 7 0 1 1 0 14 7 7 0 0 1 0-14Zm5 12 4 4",
  user: "M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8ZM4 20a8 8 0 0 1 16 0",
  company: "M5 20V5h8v15M13 10h6v10M3 20h18M8 9h2M8 13h2M8 17h2M16 14h.01M16 17h.01",
  phone: "M6 4h3l2 5-2.5 1.5a11 11 0 0 0 5 5L15 13l5 2v3a2 2 0 0 1-2 2A15 15 0 0 1 4 6a2 2 0 0 1 2-2Z",
  hang_up: "M3 14.5c5-5 13-5 18 0l-2.5 2.5-4-2v-2.6a11 11 0 0 0-5 0V15l-4 2Z",
  keypad: "M7 5h.01M12 5h.01M17 5h.01M7 10h.01M12 10h.01M17 10h.01M7 15h.01M12 15h.01M17 15h.01M12 20h.01",
  transfer: "M4 9h13m-4-4 4 4-4 4M20 17H10m3-3-3 3 3 3",
  clock: "M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16Zm0 4v4l3 2",
  note: "M6 4h12v11l-5 5H6Zm12 11h-5v5M9 9h6M9 13h3",
  order: "M4 8l8-4 8 4v8l-8 4-8-4Zm0 0 8 4 8-4M12 12v8",
  complaint: "M12 4l9 16H3Zm0 6v4m0 3h.01",
  article: "M5 4h11l3 3v13H5Zm3 6h8M8 13h8M8 16h5",
  script: "M6 4h12v16H6ZM9 8h6M9 12h6M9 16h3",
  survey: "M5 4h14v16H5Zm3 5 1.2 1.2L11.5 8M14 9.5h3M8 15l1.2 1.2 2.3-2.2M14 15.5h3",
  promotion: "M4 12V5a1 1 0 0 1 1-1h7l8 8-8 8ZM8.5 8.5h.01",
  close: "M6 6l12 12M18 6 6 18",
  check: "M5 12.5 10 17 19 7",
  plus: "M12 5v14M5 12h14",
  down: "M6 9l6 6 6-6",
  up: "M6 15l6-6 6 6",
  back: "M15 6l-6 6 6 6",
  settings: "M4 7h10m4 0h2M4 17h4m4 0h8M16 5a2 2 0 1 1 0 4 2 2 0 0 1 0-4ZM10 15a2 2 0 1 1 0 4 2 2 0 0 1 0-4Z",
  sun: "M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8Zm0-5v2m0 14v2M3 12h2m14 0h2M5.6 5.6 7 7m10 10 1.4 1.4M5.6 18.4 7 17M17 7l1.4-1.4",
  moon: "M19 14.5A8 8 0 0 1 9.5 5a8 8 0 1 0 9.5 9.5Z",
  full: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
  sound: "M5 10v4h3l5 4V6L8 10Zm12-2a6 6 0 0 1 0 8",
  silent: "M5 10v4h3l5 4V6L8 10Zm11 0 4 4m0-4-4 4",
  pause: "M8 5v14M16 5v14",
  play: "M7 5v14l12-7Z",
  exit: "M14 4h5v16h-5M4 12h11m-4-4 4 4-4 4",
  keyboard: "M3 7h18v10H3Zm4 3h.01M11 10h.01M15 10h.01M8 14h8",
  mail: "M4 6h16v12H4Zm0 1 8 6 8-6",
} as const;

export type IconName = keyof typeof PATHS;

/** A picture beside a text; it never stands for the text. */
export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg
      aria-hidden
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      style={{ flex: "none" }}
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
