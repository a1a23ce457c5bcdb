/** The settings that say what may go through trunks, by what they bound. */
export const LIMITS = {
  campaigns: ["dialing.default.channels", "dialing.default.calls_per_s", "dialing.trunks"],
  incoming: ["floor.waiting_by_trunk", "floor.waiting_by_number"],
  outgoing: [
    "outgoing.trunk",
    "outgoing.emergency_trunk",
    "outgoing.caller_id",
    "outgoing.calls",
    "outgoing.calls_of_operator",
    "outgoing.money",
    "outgoing.money_of_operator",
    "outgoing.longest_s",
  ],
} as const;
