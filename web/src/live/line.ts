/**
 * The line to the service: hears every message once and in order, notices that it is silent, comes back by itself.
 *
 * It knows no page and keeps no floor: what it hears goes to `Listener`.
 */

import type { components } from "@/api/contract";

export type Message = components["schemas"]["Message"];
export type Snapshot = components["schemas"]["Snapshot"];

/** `outdated`: the service speaks another version, and the page has to be loaded anew. */
export type LineState = "off" | "connecting" | "live" | "stale" | "outdated";

export interface Listener {
  /** All that there is, in place of everything told before. */
  begin: (snapshot: Snapshot) => void;
  apply: (message: Message) => void;
  stateChanged: (state: LineState) => void;
  loginEnded: () => void;
}

/** What the line needs of the browser; tests give it another one. */
export interface Surroundings {
  socket: (url: string) => WebSocket;
  /** Whether the service answers, and does not know us. */
  isRefused: () => Promise<boolean>;
  /** 0..1 */
  random: () => number;
}

const VERSION = 1;
const SILENCE_MS = 12_000; // the service says something every 5 s
const LOGIN_ENDED = 4001;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 8_000;

type Timer = ReturnType<typeof setTimeout>;

export class Line {
  /** The service's time of the last message, in milliseconds; null: none yet. */
  heardAt: number | null = null;
  private state: LineState = "off";
  private socket: WebSocket | null = null;
  private epoch = "";
  private last: number | null = null;
  private waitMs = FIRST_WAIT_MS;
  private retry: Timer | undefined;
  private silence: Timer | undefined;
  private clock: { base: number; mark: number } | null = null;

  constructor(
    private readonly listener: Listener,
    private readonly around: Surroundings,
    /** Subjects whose changes are told, too. */
    private readonly subjects: readonly string[] = [],
  ) {}

  /** The service's clock in milliseconds; a clock that is wrong here, or is set, makes no difference. */
  now(): number {
    return this.clock === null ? Date.now() : this.clock.base + performance.now() - this.clock.mark;
  }

  open(): void {
    this.close();
    this.be(this.last === null ? "connecting" : "stale");
    const url = new URL("/ws/desktop", location.href);
    url.protocol = url.protocol.replace("http", "ws");
    if (this.subjects.length) url.searchParams.set("changes", this.subjects.join(","));
    if (this.last !== null) {
      url.searchParams.set("epoch", this.epoch);
      url.searchParams.set("after", String(this.last));
    }
    const socket = this.around.socket(url.href);
    this.socket = socket;
    this.listen();
    socket.onmessage = (event: MessageEvent<string>) => {
      if (socket === this.socket) this.hear(JSON.parse(event.data) as Message);
    };
    socket.onclose = (event) => {
      if (socket === this.socket) void this.lost(event.code);
    };
  }

  /** Hangs up for good, until `open`. */
  close(): void {
    clearTimeout(this.retry);
    this.drop();
    this.be("off");
  }

  private be(state: LineState): void {
    if (state === this.state) return;
    this.state = state;
    this.listener.stateChanged(state);
  }

  private drop(): void {
    clearTimeout(this.silence);
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }

  private listen(): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => {
      this.again();
    }, SILENCE_MS);
  }

  private again(): void {
    this.drop();
    void this.lost(0);
  }

  private async lost(code: number): Promise<void> {
    clearTimeout(this.silence);
    const wasLive = this.state === "live";
    this.socket = null;
    this.be(this.last === null ? "connecting" : "stale");
    if (code === LOGIN_ENDED || (!wasLive && (await this.around.isRefused()))) {
      this.close();
      this.listener.loginEnded();
      return;
    }
    if (this.socket !== null || this.isOff()) return;
    clearTimeout(this.retry);
    this.retry = setTimeout(
      () => {
        this.open();
      },
      this.waitMs * (0.5 + this.around.random()),
    );
    this.waitMs = Math.min(this.waitMs * 2, LONGEST_WAIT_MS);
  }

  private isOff(): boolean {
    return this.state === "off";
  }

  private hear(message: Message): void {
    if ("version" in message && (message.version as number) !== VERSION) {
      this.close();
      this.be("outdated");
      return;
    }
    this.listen();
    this.waitMs = FIRST_WAIT_MS;
    if ("now" in message) this.clock = { base: Date.parse(message.now), mark: performance.now() };
    this.heardAt = this.now();
    switch (message.type) {
      case "snapshot":
        this.epoch = message.epoch;
        this.last = message.number;
        this.listener.begin(message);
        break;
      case "beat":
      case "resumed":
        if ((message.type === "beat" ? message.number : message.after) !== this.last) {
          this.beginAnew();
          return;
        }
        break;
      default:
        if (message.prev !== this.last) {
          this.beginAnew(); // a page that may be wrong is worse than one that is late
          return;
        }
        this.last = message.number;
        this.listener.apply(message);
    }
    this.be("live");
  }

  private beginAnew(): void {
    this.last = null;
    this.again();
  }
}
