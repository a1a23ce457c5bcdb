import type { QueueLimit } from "@/api/pageSettings";
import type { Queue } from "@/live/floor";

const SECOND_MS = 1000;

/** A limit of a queue that is passed now. */
export type Passed = "waiting" | "wait" | "level";

/**
 * Which limits a queue passes.
 *
 * @param limit the user's; without one, the queue's target is the limit of the wait.
 * @param level the service level of the last half hour, 0..1; null: nobody has called.
 * @param now the service's clock, in milliseconds.
 */
export function passedBy(queue: Queue, limit: QueueLimit | undefined, level: number | null, now: number): Passed[] {
  const passed: Passed[] = [];
  if (queue.waiting > (limit?.waiting ?? Infinity)) passed.push("waiting");
  const longest = limit?.wait_s ?? queue.target_s;
  const since = queue.longest_wait_since;
  if (since && longest > 0 && (now - Date.parse(since)) / SECOND_MS >= longest) passed.push("wait");
  if (level !== null && level < (limit?.service_level ?? 0)) passed.push("level");
  return passed;
}
