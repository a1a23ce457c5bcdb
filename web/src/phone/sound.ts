/** Microphone, speaker and ring: which devices, and what becomes of it when one is pulled. */

import { samplesOf, type Tone } from "./tones";

export type DeviceKind = "microphone" | "speaker" | "ringer";
/** The ids of the devices that were chosen, as the browser names them; empty: the browser's own choice. */
export type Choice = Record<DeviceKind, string>;

export interface Device {
  id: string;
  name: string;
}

const PLACE = "keskus.phone.devices";
const NONE: Choice = { microphone: "", speaker: "", ringer: "" };
const TRY_MS = 4_000;
const SILENT_MS = 1_500;
/** Longer than a browser that allows sound takes to begin with it. */
const SOUNDS_MS = 500;
const TOUCHES = ["pointerdown", "keydown"];

export interface SoundEars {
  /** The devices, or those in use, are others. */
  changed: () => void;
  /** One that was in use was pulled; the browser's own choice is used in its place, if there is one. */
  pulled: (device: "microphone" | "last_microphone" | "speaker") => void;
  /** The browser lets the ring be heard, or does not. */
  silent: (is: boolean) => void;
  /** Another microphone is used: calls speak by this one from now on. */
  replaced: (stream: MediaStream) => void;
}

export class Sound {
  choice: Choice = remembered();
  devices: Record<DeviceKind, readonly Device[]> = { microphone: [], speaker: [], ringer: [] };
  private context: AudioContext | null = null;
  private readonly ringer = new Audio();
  private ringing: AudioBufferSourceNode | null = null;
  private readonly speakers = new Map<string, HTMLAudioElement>();
  private microphone: { stream: MediaStream; users: Set<object>; meter: AnalyserNode | null } | null = null;
  private opening: Promise<MediaStream> | null = null;
  private changing = false;

  /** Which devices there are is known. */
  private readonly looked: Promise<void>;

  constructor(private readonly ears: SoundEars) {
    navigator.mediaDevices.addEventListener("devicechange", this.look);
    this.looked = this.look();
  }

  close(): void {
    navigator.mediaDevices.removeEventListener("devicechange", this.look);
    this.end();
    if (this.microphone) stop(this.microphone.stream);
    void this.context?.close();
  }

  /** Lets the page make sounds; only within a click or a key. */
  async unlock(): Promise<void> {
    this.context ??= new AudioContext();
    if (this.context.state !== "running") await this.context.resume();
  }

  /** The microphone's stream, for whoever needs it until `release`. */
  async take(user: object): Promise<MediaStream> {
    const stream = await (this.opening ??= this.open());
    this.microphone?.users.add(user);
    return stream;
  }

  release(user: object): void {
    if (!this.microphone?.users.delete(user) || this.microphone.users.size > 0) return;
    stop(this.microphone.stream);
    this.microphone = null;
    this.opening = null;
  }

  /**
   * Tries both: a short ring is heard, and for some seconds the level of the microphone shows. Only within a click or a
   * key.
   *
   * @returns whether there is a microphone that the page may use.
   */
  async try(): Promise<boolean> {
    await this.unlock();
    const user = {};
    try {
      await this.take(user);
    } catch {
      return false;
    }
    setTimeout(() => {
      this.release(user);
      this.ears.changed();
    }, TRY_MS);
    this.ears.changed();
    this.play("try");
    void this.look(); // names of devices are told once a microphone may be used
    return true;
  }

  /** How loud the microphone is, 0..1; null: it is not open. */
  level(): number | null {
    if (this.microphone === null) return null;
    const meter = (this.microphone.meter ??= this.meterOf(this.microphone.stream));
    if (meter === null) return null;
    const wave = new Float32Array(meter.fftSize);
    meter.getFloatTimeDomainData(wave);
    const power = wave.reduce((sum, one) => sum + one * one, 0) / wave.length;
    return Math.min(1, Math.sqrt(power) * 4);
  }

  play(tone: Tone): void {
    // A page that was loaded anew, or got the phone from another tab, was not clicked in: it sounds if the browser lets it.
    const context = (this.context ??= new AudioContext());
    this.end();
    const { samples, loops } = samplesOf(tone, context.sampleRate);
    const buffer = context.createBuffer(1, samples.length, context.sampleRate);
    buffer.copyToChannel(samples, 0);
    const source = new AudioBufferSourceNode(context, { buffer, loop: loops });
    const out = context.createMediaStreamDestination();
    source.connect(out);
    this.ringer.srcObject = out.stream;
    source.start();
    this.ringing = source;
    void point(this.ringer, this.choice.ringer).then(() => this.beHeard(source));
  }

  /**
   * Lets a tone be heard, at once or as soon as the browser allows it: with the next click or key. A page that uses the
   * microphone may sound without them; so a ring opens it, where the page is allowed to without a question.
   */
  private async beHeard(source: AudioBufferSourceNode): Promise<void> {
    if ((await this.sounds()) || this.ringing !== source) return;
    if (source.loop && (await this.mayListen())) await this.take(source).catch(() => undefined);
    if (this.ringing !== source) {
      this.release(source);
      return;
    }
    const silent = !(await this.sounds());
    if (this.ringing !== source) return;
    this.ears.silent(silent && source.loop);
    if (!silent) return;
    const again = () => {
      for (const kind of TOUCHES) document.removeEventListener(kind, again, true);
      if (this.ringing !== source) return;
      void this.sounds().then((heard) => {
        if (heard && this.ringing === source) this.ears.silent(false);
      });
    };
    for (const kind of TOUCHES) document.addEventListener(kind, again, true);
  }

  /** Begins the tone; gives whether the browser lets it be heard. */
  private async sounds(): Promise<boolean> {
    try {
      const resumed = this.context?.resume();
      await this.ringer.play();
      await Promise.race([resumed, wait(SOUNDS_MS)]);
    } catch {
      // the browser does not allow it yet, or the tone is over
    }
    return this.context?.state === "running" && !this.ringer.paused;
  }

  /** Whether the browser opens the microphone without asking: then it tells the names of devices. */
  private async mayListen(): Promise<boolean> {
    await this.looked;
    return this.devices.microphone.some((one) => one.name !== "");
  }

  stopRinging(): void {
    this.end();
    this.ears.silent(false);
  }

  private end(): void {
    this.ringing?.stop();
    if (this.ringing) this.release(this.ringing);
    this.ringing = null;
    this.ringer.srcObject = null;
  }

  get rings(): boolean {
    return this.ringing?.loop === true;
  }

  /** Lets the other end of a call be heard. */
  hear(line: string, stream: MediaStream): void {
    const speaker = this.speakers.get(line) ?? new Audio();
    this.speakers.set(line, speaker);
    speaker.autoplay = true;
    speaker.srcObject = stream;
    void point(speaker, this.choice.speaker);
  }

  hush(line: string): void {
    const speaker = this.speakers.get(line);
    if (speaker) speaker.srcObject = null;
    this.speakers.delete(line);
  }

  /** Uses another device from now on, in a call, too. */
  async choose(kind: DeviceKind, id: string): Promise<void> {
    this.choice = { ...this.choice, [kind]: id };
    localStorage.setItem(PLACE, JSON.stringify(this.choice));
    await this.use(kind);
    this.ears.changed();
  }

  private async use(kind: DeviceKind): Promise<void> {
    if (kind === "ringer") await point(this.ringer, this.choice.ringer);
    else if (kind === "speaker")
      await Promise.all([...this.speakers.values()].map((one) => point(one, this.choice.speaker)));
    else if (this.microphone !== null) await this.changeMicrophone();
  }

  private async open(): Promise<MediaStream> {
    try {
      await this.looked; // the microphone that was chosen is asked for where it is there
      const stream = await this.ask();
      this.microphone = { stream, users: new Set(), meter: null };
      return stream;
    } catch (error) {
      this.opening = null;
      throw error;
    }
  }

  private async ask(): Promise<MediaStream> {
    const id = this.choice.microphone;
    const there = id === "" || this.devices.microphone.some((one) => one.id === id);
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: { echoCancellation: true, noiseSuppression: true, ...(id && there ? { deviceId: { exact: id } } : {}) },
    });
    stream.getAudioTracks()[0]?.addEventListener("ended", () => {
      if (this.microphone?.stream !== stream) return;
      void this.changeMicrophone().then((changed) => {
        this.ears.pulled(changed ? "microphone" : "last_microphone");
      });
    });
    return stream;
  }

  /** Uses another microphone from now on; where there is none, the next that is plugged in. */
  private async changeMicrophone(): Promise<boolean> {
    if (this.changing) return false;
    this.changing = true;
    try {
      await this.look();
      const stream = await this.ask();
      const before = this.microphone;
      if (before === null) {
        stop(stream); // nobody needs it any more
        return true;
      }
      this.microphone = { stream, users: before.users, meter: null };
      this.opening = Promise.resolve(stream);
      this.ears.replaced(stream);
      stop(before.stream);
      return true;
    } catch {
      return false;
    } finally {
      this.changing = false;
    }
  }

  private readonly look = async (): Promise<void> => {
    const all = await navigator.mediaDevices.enumerateDevices();
    const of = (kind: MediaDeviceKind) =>
      all
        .filter((one) => one.kind === kind && one.deviceId && one.deviceId !== "default")
        .map((one) => ({ id: one.deviceId, name: one.label }));
    const outputs = of("audiooutput");
    const had = this.devices.speaker;
    this.devices = { microphone: of("audioinput"), speaker: outputs, ringer: outputs };
    const ended = this.microphone?.stream.getTracks().every((one) => one.readyState === "ended") ?? false;
    if (ended && !this.changing && this.devices.microphone.length > 0)
      void this.changeMicrophone().then((changed) => {
        if (changed) this.ears.pulled("microphone");
      });
    const { speaker } = this.choice;
    const pulled = had.some((one) => one.id === speaker) && !outputs.some((one) => one.id === speaker);
    if (speaker && pulled) {
      for (const one of this.speakers.values()) void point(one, "");
      this.ears.pulled("speaker");
    }
    this.ears.changed();
  };

  /** Whether anything comes from the open microphone; one that is switched off gives zeros. */
  async isHeard(): Promise<boolean> {
    const until = performance.now() + SILENT_MS;
    while (performance.now() < until) {
      if ((this.level() ?? 0) > 0) return true;
      await wait(50);
    }
    return false;
  }

  private meterOf(stream: MediaStream): AnalyserNode | null {
    if (this.context === null) return null;
    const meter = new AnalyserNode(this.context, { fftSize: 1024 });
    this.context.createMediaStreamSource(stream).connect(meter);
    return meter;
  }
}

function stop(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Lets an element be heard at a device; a browser that cannot choose, or a device that is gone, leaves its own. */
async function point(element: HTMLAudioElement, id: string): Promise<void> {
  if (!("setSinkId" in element)) return;
  try {
    await element.setSinkId(id);
  } catch {
    await element.setSinkId("").catch(() => undefined);
  }
}

function remembered(): Choice {
  const text = localStorage.getItem(PLACE);
  return text === null ? NONE : { ...NONE, ...(JSON.parse(text) as Partial<Choice>) };
}
