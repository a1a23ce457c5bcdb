/** How the PBX takes sound files: 8,000 samples a second, 16 bits, one channel. */
export const RATE = 8_000;

const HEADER = 44;
const BYTES = 2;
const LARGEST = 0x7fff;

/** A WAV file of samples between -1 and 1; several channels are mixed into one. */
export function wav(channels: readonly Float32Array[]): Uint8Array<ArrayBuffer> {
  const samples = channels[0]?.length ?? 0;
  const bytes = new Uint8Array(HEADER + samples * BYTES);
  const view = new DataView(bytes.buffer);
  const say = (at: number, word: string) => {
    bytes.set(new TextEncoder().encode(word), at);
  };
  say(0, "RIFF");
  view.setUint32(4, bytes.length - 8, true);
  say(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, RATE, true);
  view.setUint32(28, RATE * BYTES, true);
  view.setUint16(32, BYTES, true);
  view.setUint16(34, BYTES * 8, true);
  say(36, "data");
  view.setUint32(40, samples * BYTES, true);
  for (let at = 0; at < samples; at++) {
    const sum = channels.reduce((all, one) => all + (one[at] ?? 0), 0) / channels.length;
    view.setInt16(HEADER + at * BYTES, Math.round(Math.max(-1, Math.min(1, sum)) * LARGEST), true);
  }
  return bytes;
}

/** Any sound file that the browser can play, in the form that the PBX takes; another file as it is. */
export async function fit(file: Blob): Promise<Blob> {
  try {
    const heard = await new OfflineAudioContext(1, 1, RATE).decodeAudioData(await file.arrayBuffer());
    const channels = Array.from({ length: heard.numberOfChannels }, (_, at) => heard.getChannelData(at));
    return new Blob([wav(channels)], { type: "audio/wav" });
  } catch {
    return file; // the service says what is wrong with it
  }
}

/** A name for a file's sound: letters, digits and dashes. */
export function nameOf(file: string): string {
  const plain = file
    .replace(/\.[^.]*$/, "")
    .normalize("NFD")
    .replace(/\p{M}/gu, "");
  return plain
    .replace(/[^A-Za-z0-9_-]+/g, "-")
    .replace(/^[-_]+|-+$/g, "")
    .slice(0, 60);
}
