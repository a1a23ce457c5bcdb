/**
 * The buttons and lights of a headset, by WebHID's telephony pages (HID Usage Tables, 0x0B and 0x08). Any headset that
 * keeps to them works; the phone knows it by `Headset` alone.
 */

/** What the phone shows by the lights of a headset. */
export interface Shown {
  rings: boolean;
  talks: boolean;
  muted: boolean;
  held: boolean;
}

export interface HeadsetEars {
  /** The headset was taken up, or put down. */
  hook: (up: boolean) => void;
  mute: () => void;
  hold: () => void;
}

/** A part of a report, as WebHID describes it. */
interface Item {
  usages?: readonly number[];
  usageMinimum?: number;
  usageMaximum?: number;
  isRange?: boolean;
  reportSize?: number;
  reportCount?: number;
}

interface Report {
  reportId?: number;
  items?: readonly Item[];
}

/** As much of WebHID's `HIDDevice` as is needed. */
export interface Device {
  opened: boolean;
  productName: string;
  collections: readonly { inputReports?: readonly Report[]; outputReports?: readonly Report[] }[];
  open: () => Promise<void>;
  close: () => Promise<void>;
  sendReport: (id: number, data: Uint8Array<ArrayBuffer>) => Promise<void>;
  addEventListener: (kind: "inputreport", heard: (event: Heard) => void) => void;
  removeEventListener: (kind: "inputreport", heard: (event: Heard) => void) => void;
}

interface Heard {
  reportId: number;
  data: DataView;
}

interface Plugged {
  device: Device;
}

interface Hid {
  addEventListener: (kind: "connect" | "disconnect", heard: (event: Plugged) => void) => void;
  removeEventListener: (kind: "connect" | "disconnect", heard: (event: Plugged) => void) => void;
  getDevices: () => Promise<Device[]>;
  requestDevice: (options: { filters: { usagePage: number }[] }) => Promise<Device[]>;
}

const TELEPHONY = 0x0b;
const HOOK = 0x0b0020;
const FLASH = 0x0b0021;
const MUTE = 0x0b002f;
const LIGHTS: Record<keyof Shown, number> = { talks: 0x080017, muted: 0x080009, rings: 0x080018, held: 0x080020 };

/** Where a usage stands in its report. */
interface Place {
  report: number;
  bit: number;
}

export class Headset {
  private readonly before = new Map<number, boolean>();
  /** Whether the headset was told that there is a talk: many tell their hook when they are told. */
  private talks = false;

  private constructor(
    private readonly device: Device,
    private readonly ears: HeadsetEars,
  ) {}

  static async open(device: Device, ears: HeadsetEars): Promise<Headset> {
    if (!device.opened) await device.open();
    const headset = new Headset(device, ears);
    device.addEventListener("inputreport", headset.hear);
    return headset;
  }

  get name(): string {
    return this.device.productName;
  }

  isOf(device: Device): boolean {
    return this.device === device;
  }

  /** Lights the headset's lamps, and lets it ring. */
  show(shown: Shown): void {
    const reports = new Map<number, Uint8Array<ArrayBuffer>>();
    for (const { reportId = 0, items = [] } of this.device.collections.flatMap((one) => one.outputReports ?? []))
      reports.set(reportId, new Uint8Array(Math.ceil(sizeOf(items) / 8)));
    let lit = false;
    this.talks = shown.talks;
    for (const [name, usage] of Object.entries(LIGHTS) as [keyof Shown, number][]) {
      const place = this.find("outputReports", usage);
      const bytes = place && reports.get(place.report);
      if (!place || !bytes) continue;
      lit = true;
      if (shown[name]) bytes[place.bit >> 3] = (bytes[place.bit >> 3] ?? 0) | (1 << (place.bit & 7));
    }
    if (lit) for (const [id, bytes] of reports) void this.device.sendReport(id, bytes).catch(() => undefined);
  }

  close(): void {
    this.device.removeEventListener("inputreport", this.hear);
    void this.device.close();
  }

  private readonly hear = ({ reportId, data }: Heard): void => {
    for (const usage of [HOOK, MUTE, FLASH]) {
      const place = this.find("inputReports", usage);
      if (place?.report !== reportId || place.bit >> 3 >= data.byteLength) continue;
      const on = ((data.getUint8(place.bit >> 3) >> (place.bit & 7)) & 1) === 1;
      if (on === (this.before.get(usage) ?? false)) continue;
      this.before.set(usage, on);
      if (usage === HOOK) {
        if (on !== this.talks) this.ears.hook(on);
      } else if (on && usage === MUTE) this.ears.mute();
      else if (on) this.ears.hold();
    }
  };

  private find(kind: "inputReports" | "outputReports", usage: number): Place | null {
    for (const { reportId = 0, items = [] } of this.device.collections.flatMap((one) => one[kind] ?? [])) {
      let bit = 0;
      for (const item of items) {
        const at = placeOf(item, usage);
        if (at >= 0) return { report: reportId, bit: bit + at * (item.reportSize ?? 1) };
        bit += (item.reportSize ?? 0) * (item.reportCount ?? 0);
      }
    }
    return null;
  }
}

function placeOf(item: Item, usage: number): number {
  if (!item.isRange) return item.usages?.indexOf(usage) ?? -1;
  const { usageMinimum = 0, usageMaximum = -1 } = item;
  return usage >= usageMinimum && usage <= usageMaximum ? usage - usageMinimum : -1;
}

function sizeOf(items: readonly Item[]): number {
  return items.reduce((sum, item) => sum + (item.reportSize ?? 0) * (item.reportCount ?? 0), 0);
}

function hid(): Hid | null {
  return "hid" in navigator ? (navigator.hid as Hid) : null;
}

/** Whether this browser lets a page use a headset's buttons. */
export function canUseHeadsets(): boolean {
  return hid() !== null;
}

/** The headset that was allowed before; null: none was, or it is not plugged in. */
export async function knownHeadset(): Promise<Device | null> {
  return (await hid()?.getDevices())?.[0] ?? null;
}

/** Tells when a headset that was allowed is plugged in or unplugged, until what it gives is called. */
export function watchHeadsets(came: (device: Device) => void, went: (device: Device) => void): () => void {
  const hids = hid();
  const heard = [
    ["connect", ({ device }: Plugged): void => came(device)],
    ["disconnect", ({ device }: Plugged): void => went(device)],
  ] as const;
  for (const [kind, hear] of heard) hids?.addEventListener(kind, hear);
  return () => {
    for (const [kind, hear] of heard) hids?.removeEventListener(kind, hear);
  };
}

/** Asks the person for a headset; only within a click. */
export async function askForHeadset(): Promise<Device | null> {
  try {
    return (await hid()?.requestDevice({ filters: [{ usagePage: TELEPHONY }] }))?.[0] ?? null;
  } catch {
    return null;
  }
}
