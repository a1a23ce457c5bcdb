import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { beginEarly, takeEarly } from "./early";
import { forgetHere, keepHere, keepMine, lastHere } from "./here";
import type { Service } from "./service";
import { NO_PHONE, type PhoneState } from "./state";

type Lent = Awaited<ReturnType<Service["lend"]>>;

const made: StandIn[] = [];
let lent: Lent = "away";

class StandIn {
  state: PhoneState = { ...NO_PHONE, connection: "connecting" };
  closed = false;
  private reader: () => void = () => undefined;
  constructor(
    readonly account: string,
    readonly service: Service,
    readonly talks: boolean,
  ) {
    made.push(this);
  }
  read = () => this.state;
  subscribe = (reader: () => void) => {
    this.reader = reader;
    return () => undefined;
  };
  is(changes: Partial<PhoneState>): void {
    this.state = { ...this.state, ...changes };
    this.reader();
  }
  close(): void {
    this.closed = true;
    forgetHere();
  }
}

vi.mock("./phone", () => ({ Phone: StandIn }));
vi.mock("./service", () => ({ SERVICE: { lend: () => Promise.resolve(lent), talks: () => Promise.resolve([]) } }));

const LINE = { id: "1", call: null, party: "", consults: false, held: false, muted: false, quality: null } as const;

function stood(account: string, talks: boolean): void {
  keepMine({ operator: 7, phone: { kind: "browser", username: account, numbers: [] } });
  keepHere({ account, talks });
}

describe("a phone that begins before the page", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    made.length = 0;
    lent = "away";
  });
  afterEach(() => {
    takeEarly("");
    localStorage.clear();
    sessionStorage.clear();
    vi.useRealTimers();
  });

  it("does not begin in a tab that had none, nor for a phone that is another one by now", async () => {
    await beginEarly();
    stood("op7", true);
    keepMine({ operator: 8, phone: { kind: "browser", username: "op8", numbers: [] } });
    await beginEarly();
    keepMine({ operator: 7, phone: { kind: "sip", username: "op7", numbers: [] } });
    await beginEarly();
    expect(made).toEqual([]);
  });

  it("is what the page uses, once", async () => {
    stood("op7", false);
    await beginEarly();
    expect(takeEarly("op7")).toBe(made[0]);
    expect(takeEarly("op7")).toBeNull();
    expect(made[0]?.closed).toBe(false);
  });

  it("ends where the page is somebody else's", async () => {
    stood("op7", false);
    await beginEarly();
    expect(takeEarly("op8")).toBeNull();
    expect(made[0]?.closed).toBe(true);
  });

  it.each<Lent>([
    "refused",
    { username: "op8", secret: "s", lasts_s: 1, websocket_url: "", ice_servers: [], talks: [] },
  ])("ends where nobody, or somebody else, is logged in", async (answer) => {
    stood("op7", false);
    lent = answer;
    await beginEarly();
    await made[0]?.service.lend();
    expect(made[0]?.closed).toBe(true);
    expect(takeEarly("op7")).toBeNull();
    expect(lastHere()).toBeNull();
  });

  it("has the page wait for a talk, and not for ever", async () => {
    stood("op7", true);
    const over = vi.fn();
    void beginEarly().then(over);
    await vi.advanceTimersByTimeAsync(500);
    expect(made[0]?.talks).toBe(true);
    made[0]?.is({ connection: "registered", lines: [{ ...LINE, state: "resuming", transfer: "no" }] });
    await vi.advanceTimersByTimeAsync(500);
    expect(over).not.toHaveBeenCalled();
    made[0]?.is({ lines: [{ ...LINE, state: "talking", transfer: "no" }] });
    await vi.advanceTimersByTimeAsync(200);
    expect(over).toHaveBeenCalledOnce();
    takeEarly("");
    stood("op7", true);
    void beginEarly().then(over);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(over).toHaveBeenCalledTimes(2);
  });
});
