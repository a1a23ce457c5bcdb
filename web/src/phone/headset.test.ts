import { beforeEach, describe, expect, it } from "vitest";

import { Headset, type Device } from "./headset";

type Hears = Parameters<Device["addEventListener"]>[1];

/** A headset with its hook, mute and flash in one report, and its lights in another, between what is not ours. */
class Fake implements Device {
  opened = false;
  productName = "Test headset";
  sent: [number, number[]][] = [];
  hears: Hears | null = null;
  collections = [
    {
      inputReports: [
        {
          reportId: 8,
          items: [
            { usages: [0x0b0020], reportSize: 1, reportCount: 1 },
            { usages: [0x0b0097], reportSize: 2, reportCount: 1 },
            { isRange: true, usageMinimum: 0x0b002e, usageMaximum: 0x0b002f, reportSize: 1, reportCount: 2 },
            { usages: [], reportSize: 3, reportCount: 1 },
            { usages: [0x0b0021], reportSize: 1, reportCount: 1 },
          ],
        },
      ],
      outputReports: [
        {
          reportId: 9,
          items: [
            { usages: [0x080017, 0x080009], reportSize: 1, reportCount: 2 },
            { usages: [], reportSize: 6, reportCount: 1 },
            { usages: [0x080018], reportSize: 1, reportCount: 1 },
            { usages: [], reportSize: 7, reportCount: 1 },
          ],
        },
      ],
    },
  ];
  open = () => {
    this.opened = true;
    return Promise.resolve();
  };
  close = () => Promise.resolve();
  sendReport = (id: number, data: Uint8Array) => {
    this.sent.push([id, [...data]]);
    return Promise.resolve();
  };
  addEventListener = (_: string, hears: Hears) => {
    this.hears = hears;
  };
  removeEventListener = () => {
    this.hears = null;
  };
  press(...bytes: number[]) {
    this.hears?.({ reportId: 8, data: new DataView(new Uint8Array(bytes).buffer) });
  }
}

describe("a headset", () => {
  let device: Fake;
  let told: string[];
  let headset: Headset;
  beforeEach(async () => {
    device = new Fake();
    told = [];
    headset = await Headset.open(device, {
      hook: (up) => told.push(up ? "up" : "down"),
      mute: () => told.push("mute"),
      hold: () => told.push("hold"),
    });
  });

  it("is taken up, and put down", () => {
    device.press(0b1, 0);
    device.press(0b1, 0);
    headset.show({ rings: false, talks: true, muted: false, held: false });
    device.press(0b0, 0);
    expect(told).toEqual(["up", "down"]);
  });

  it("says what it was told itself: that is no press", () => {
    headset.show({ rings: false, talks: true, muted: false, held: false });
    device.press(0b1, 0);
    headset.show({ rings: false, talks: false, muted: false, held: false });
    device.press(0b0, 0);
    expect(told).toEqual([]);
  });

  it("mutes with each press, not with its end", () => {
    device.press(0b10001, 0);
    device.press(0b00001, 0);
    device.press(0b10001, 0);
    expect(told).toEqual(["up", "mute", "mute"]);
  });

  it("holds by its second key", () => {
    device.press(0, 0b1);
    expect(told).toEqual(["hold"]);
  });

  it("passes over other reports, and short ones", () => {
    device.hears?.({ reportId: 1, data: new DataView(new Uint8Array([1, 1]).buffer) });
    device.press(0);
    expect(told).toEqual([]);
  });

  it("shows what the phone does", () => {
    headset.show({ rings: true, talks: false, muted: false, held: false });
    headset.show({ rings: false, talks: true, muted: true, held: true });
    expect(device.sent).toEqual([
      [9, [0, 1]],
      [9, [3, 0]],
    ]);
  });
});
