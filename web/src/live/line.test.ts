import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { Line, type LineState, type Message } from "./line";

class Socket {
  static all: Socket[] = [];
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  closed = false;
  constructor(readonly url: string) {
    Socket.all.push(this);
  }
  close() {
    this.closed = true;
  }
  say(message: object) {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
}

const NOW = "2026-03-02T09:00:00.000Z";
const snapshot = (number: number) => ({
  type: "snapshot",
  version: 1,
  epoch: "e",
  number,
  now: NOW,
  linked: true,
  parking_full: false,
  records: "written",
  operator: 1,
  sees: "own",
  queues: [],
  operators: [],
  calls: [],
  campaigns: [],
  alarms: [],
});
const change = (prev: number, number: number) => ({ type: "link_changed", linked: true, prev, number, at: NOW });

describe("the line", () => {
  let told: (string | number)[];
  let states: LineState[];
  let refused: boolean;
  let line: Line;
  const last = () => {
    const socket = Socket.all.at(-1);
    if (!socket) throw new Error("no socket");
    return socket;
  };

  beforeEach(() => {
    vi.useFakeTimers();
    Socket.all = [];
    told = [];
    states = [];
    refused = false;
    line = new Line(
      {
        begin: (all) => told.push(`all ${String(all.number)}`),
        apply: (message: Message) => told.push("number" in message ? message.number : message.type),
        stateChanged: (state) => states.push(state),
        loginEnded: () => told.push("log-in ended"),
      },
      {
        socket: (url) => new Socket(url) as unknown as WebSocket,
        isRefused: () => Promise.resolve(refused),
        random: () => 0.5,
      },
      ["contact"],
    );
    line.open();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it("asks for changes of its subjects, and tells each message once", () => {
    expect(last().url).toContain("changes=contact");
    last().say(snapshot(5));
    last().say(change(5, 8));
    expect(told).toEqual(["all 5", 8]);
    expect(states).toEqual(["connecting", "live"]);
  });

  it("begins anew after a gap, and never tells what follows one", () => {
    last().say(snapshot(5));
    last().say(change(6, 8));
    expect(told).toEqual(["all 5"]);
    vi.runOnlyPendingTimers();
    expect(last().url).not.toContain("after=");
  });

  it("resumes where it was cut", async () => {
    last().say(snapshot(5));
    last().onclose?.({ code: 1006 });
    expect(states.at(-1)).toBe("stale");
    await vi.advanceTimersByTimeAsync(300);
    expect(last().url).toContain("after=5");
    last().say({ type: "resumed", version: 1, epoch: "e", after: 5, now: NOW });
    last().say(change(5, 6));
    expect(told).toEqual(["all 5", 6]);
    expect(states.at(-1)).toBe("live");
  });

  it("takes twelve seconds of silence for a line that is gone", async () => {
    last().say(snapshot(5));
    await vi.advanceTimersByTimeAsync(11_000);
    last().say({ type: "beat", number: 5, now: NOW });
    await vi.advanceTimersByTimeAsync(11_000);
    expect(states.at(-1)).toBe("live");
    await vi.advanceTimersByTimeAsync(1_500);
    expect(states.at(-1)).toBe("stale");
    expect(Socket.all).toHaveLength(2);
  });

  it("waits longer and longer while nobody answers, eight seconds at most", async () => {
    const waits: number[] = [];
    for (let tries = 0; tries < 8; tries++) {
      const before = Socket.all.length;
      last().onclose?.({ code: 1006 });
      let waited = 0;
      while (Socket.all.length === before) {
        await vi.advanceTimersByTimeAsync(250);
        waited += 250;
      }
      waits.push(waited);
    }
    expect(waits).toEqual([250, 500, 1000, 2000, 4000, 8000, 8000, 8000]);
  });

  it("asks for a log-in when the service does not know us", async () => {
    refused = true;
    last().onclose?.({ code: 1006 });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(told).toEqual(["log-in ended"]);
    expect(Socket.all).toHaveLength(1);
  });

  it("does not guess at another version", () => {
    last().say({ ...snapshot(5), version: 2 });
    expect(states.at(-1)).toBe("outdated");
    expect(told).toEqual([]);
  });

  it("runs by the service's clock", async () => {
    last().say(snapshot(5));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(line.now() - Date.parse(NOW)).toBe(1_000);
  });
});
