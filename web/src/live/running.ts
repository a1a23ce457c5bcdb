/** Running times that are drawn past React, with all else that changes on a floor of hundreds of people. */

import { atBeat } from "./calm";

const SECOND_MS = 1000;

interface Running {
  /** In milliseconds, by the service's clock. */
  began: number;
  shown: number;
  show: (seconds: number) => void;
}

const all = new Set<Running>();
let runs = false;

/**
 * Shows the whole seconds since a moment, now and soon after they are others, until the answer is called.
 *
 * @param now the service's clock, in milliseconds.
 */
export function run(began: number, now: () => number, show: (seconds: number) => void): () => void {
  const running: Running = { began, shown: NaN, show };
  all.add(running);
  draw(running, now());
  if (!runs) {
    runs = true;
    next(now);
  }
  return () => all.delete(running);
}

function next(now: () => number): void {
  atBeat(() => {
    const moment = now();
    for (const running of all) draw(running, moment);
    if (all.size) next(now);
    else runs = false;
  });
}

function draw(running: Running, moment: number): void {
  const seconds = Math.floor((moment - running.began) / SECOND_MS);
  if (seconds === running.shown) return;
  running.shown = seconds;
  running.show(seconds);
}
