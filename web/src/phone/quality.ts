/** How well the sound gets through, from what the browser counts of it. */

/** Counts since the talk began, of one moment. */
export interface Counted {
  /** Milliseconds of any clock that runs on. */
  atMs: number;
  received: number;
  lost: number;
  /** 0..1: the part of our own packets that the PBX missed lately; null: it has not told. */
  lostThere: number | null;
  jitterMs: number;
  roundTripMs: number | null;
}

export type QualityWord = "good" | "fair" | "poor";

export interface Quality {
  word: QualityWord;
  /** 0..1: the part of packets that was lost, of the worse direction. */
  loss: number;
  jitterMs: number;
  /** null: it is not known yet. */
  roundTripMs: number | null;
}

/** Beyond these, a talk is only fair, or poor: ITU-T G.114 for the round trip; loss and jitter as voice codecs bear them. */
const FAIR = { loss: 0.01, jitterMs: 30, roundTripMs: 250 };
const POOR = { loss: 0.05, jitterMs: 60, roundTripMs: 500 };

/** The quality between two moments. */
export function qualityOf(before: Counted, now: Counted): Quality {
  const lost = Math.max(0, now.lost - before.lost);
  const came = Math.max(0, now.received - before.received);
  const here = lost + came > 0 ? lost / (lost + came) : 0;
  const loss = Math.max(here, now.lostThere ?? 0);
  const { jitterMs, roundTripMs } = now;
  const beyond = (bound: typeof FAIR) =>
    loss > bound.loss || jitterMs > bound.jitterMs || (roundTripMs ?? 0) > bound.roundTripMs;
  return { word: beyond(POOR) ? "poor" : beyond(FAIR) ? "fair" : "good", loss, jitterMs, roundTripMs };
}

/** What the browser has counted; null: no sound has come yet. */
export function counted(report: RTCStatsReport, atMs: number): Counted | null {
  let found: Counted | null = null;
  let lostThere: number | null = null;
  let roundTripMs: number | null = null;
  for (const one of report.values() as Iterable<Record<string, unknown>>) {
    if (one.kind !== undefined && one.kind !== "audio") continue;
    if (one.type === "inbound-rtp") {
      found = {
        atMs,
        received: Number(one.packetsReceived ?? 0),
        lost: Number(one.packetsLost ?? 0),
        jitterMs: Math.round(Number(one.jitter ?? 0) * 1000),
        lostThere: null,
        roundTripMs: null,
      };
    } else if (one.type === "remote-inbound-rtp") {
      if (typeof one.fractionLost === "number") lostThere = one.fractionLost;
      if (typeof one.roundTripTime === "number") roundTripMs = Math.round(one.roundTripTime * 1000);
    } else if (one.type === "candidate-pair" && one.nominated === true) {
      if (typeof one.currentRoundTripTime === "number") roundTripMs ??= Math.round(one.currentRoundTripTime * 1000);
    }
  }
  return found && { ...found, lostThere, roundTripMs };
}
