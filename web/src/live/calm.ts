/**
 * A wall is drawn ten times a second, all of it at the same moment: a picture of hundreds of cards costs as much for one
 * change as for many, and nobody reads rows that jump at each picture.
 */

const BEAT_MS = 100; // longer, and one picture has too much to draw

type Subscribe = (reader: () => void) => () => void;

const waiting = new Set<() => void>();
let planned = false;

/** Has a thing done at the next beat, once, however often it is asked for until then. */
export function atBeat(done: () => void): void {
  waiting.add(done);
  if (planned) return;
  planned = true;
  setTimeout(beat, BEAT_MS - (performance.now() % BEAT_MS));
}

function beat(): void {
  planned = false;
  const all = [...waiting];
  waiting.clear();
  for (const one of all) one();
}

/** Hears of changes at the next beat. */
export function calmly(subscribe: Subscribe, reader: () => void): () => void {
  const leave = subscribe(() => {
    atBeat(reader);
  });
  return () => {
    waiting.delete(reader);
    leave();
  };
}
