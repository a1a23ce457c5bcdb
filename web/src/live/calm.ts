const LEAST_MS = 200; // between two tellings: a wall shows what happens within a quarter of a second

type Subscribe = (reader: () => void) => () => void;

/** Hears of changes at once after a pause, else once for all changes of a while. */
export function calmly(subscribe: Subscribe, reader: () => void): () => void {
  let told = -Infinity;
  let planned: ReturnType<typeof setTimeout> | undefined;
  const tell = () => {
    planned = undefined;
    told = performance.now();
    reader();
  };
  const leave = subscribe(() => {
    if (planned !== undefined) return;
    const waits = told + LEAST_MS - performance.now();
    if (waits <= 0) tell();
    else planned = setTimeout(tell, waits);
  });
  return () => {
    clearTimeout(planned);
    leave();
  };
}
