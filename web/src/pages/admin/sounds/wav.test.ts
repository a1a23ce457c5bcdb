import { describe, expect, it } from "vitest";

import { nameOf, wav } from "./wav";

describe("a sound file for the PBX", () => {
  it("is WAV, 8,000 samples of 16 bits a second, and mixes channels into one", () => {
    const file = wav([new Float32Array([1, 0.5, -2]), new Float32Array([1, -0.5, -2])]);
    const view = new DataView(file.buffer);
    expect(new TextDecoder().decode(file.slice(0, 4))).toBe("RIFF");
    expect(new TextDecoder().decode(file.slice(8, 16))).toBe("WAVEfmt ");
    expect([view.getUint16(22, true), view.getUint32(24, true), view.getUint16(34, true)]).toEqual([1, 8000, 16]);
    expect(view.getUint32(40, true)).toBe(6);
    expect([0, 1, 2].map((at) => view.getInt16(44 + at * 2, true))).toEqual([32767, 0, -32767]);
  });

  it("has a name of letters, digits and dashes", () => {
    expect(nameOf("Kes helistas (öö).mp3")).toBe("Kes-helistas-oo");
    expect(nameOf("--.wav")).toBe("");
  });
});
