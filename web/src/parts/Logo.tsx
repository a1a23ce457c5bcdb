/** The sign of Keskus. */
export function Logo({ size }: { size: number }) {
  return (
    <svg aria-hidden width={size} height={size} viewBox="0 0 32 32">
      <rect width="32" height="32" rx="8" fill="#1f6feb" />
      <circle cx="16" cy="16" r="4" fill="#fff" />
      <path
        d="M16 5a11 11 0 0 1 11 11M16 27A11 11 0 0 1 5 16"
        fill="none"
        stroke="#fff"
        strokeWidth="3"
        strokeLinecap="round"
      />
    </svg>
  );
}
