import type { Campaign, Queue } from "@/live/floor";

const SECOND_MS = 1000;
const NEAR = 0.7; // of the target

/** How the longest wait of a queue stands to its target. */
export type Level = "calm" | "near" | "over";

export function waitLevel(queue: Queue | undefined, now: number): Level {
  if (!queue?.longest_wait_since || queue.target_s <= 0) return "calm";
  const share = (now - Date.parse(queue.longest_wait_since)) / SECOND_MS / queue.target_s;
  return share >= 1 ? "over" : share >= NEAR ? "near" : "calm";
}

/** The share of live answers that reached no operator in time, 0..1; null: nobody has answered yet. */
export function abandonedShare(campaign: Campaign): number | null {
  const pacing = campaign.pacing;
  if (pacing === null || pacing.answered + pacing.abandoned === 0) return null;
  return pacing.abandoned / (pacing.answered + pacing.abandoned);
}

/** Whether a campaign leaves more people without an operator than it may. */
export function isOverLimit(campaign: Campaign): boolean {
  const share = abandonedShare(campaign);
  return share !== null && campaign.pacing !== null && share > campaign.pacing.limit;
}
