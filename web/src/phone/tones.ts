/** The sounds that the phone makes itself. They are computed: the page loads no sound file. */

const FADE_S = 0.02;

interface Note {
  atS: number;
  lastsS: number;
  hertz: readonly number[];
}

const RING: readonly Note[] = [
  { atS: 0, lastsS: 0.35, hertz: [523, 659] },
  { atS: 0.4, lastsS: 0.35, hertz: [523, 659] },
  { atS: 0.8, lastsS: 0.5, hertz: [587, 784] },
];
const TRY: readonly Note[] = [
  { atS: 0, lastsS: 0.15, hertz: [523] },
  { atS: 0.18, lastsS: 0.25, hertz: [784] },
];
const KNOCK: readonly Note[] = [{ atS: 0, lastsS: 0.12, hertz: [880] }];

/** `ring` goes on until it is stopped; `try` is heard once, and so is `knock`, at a call that is answered by itself. */
export type Tone = "ring" | "try" | "knock";

const TONES: Record<Tone, { notes: readonly Note[]; lengthS: number; loops: boolean }> = {
  ring: { notes: RING, lengthS: 3, loops: true },
  try: { notes: TRY, lengthS: 0.5, loops: false },
  knock: { notes: KNOCK, lengthS: 0.2, loops: false },
};

/** Samples of a tone, -1..1. */
export function samplesOf(tone: Tone, rate: number): { samples: Float32Array<ArrayBuffer>; loops: boolean } {
  const { notes, lengthS, loops } = TONES[tone];
  const samples = new Float32Array(Math.round(lengthS * rate));
  for (const { atS, lastsS, hertz } of notes) {
    const first = Math.round(atS * rate);
    const count = Math.round(lastsS * rate);
    for (let at = 0; at < count; at++) {
      const timeS = at / rate;
      const loud = Math.min(1, timeS / FADE_S, (lastsS - timeS) / FADE_S);
      const wave = hertz.reduce((sum, one) => sum + Math.sin(2 * Math.PI * one * timeS), 0) / hertz.length;
      samples[first + at] = 0.4 * loud * wave;
    }
  }
  return { samples, loops };
}
