import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { Registration } from "./registration";
import type { PhoneSecret, Service } from "./service";

type Hears = (event: unknown) => void;

/** The SIP library's user agent, at a PBX that answers as it is told. */
class Agent {
  static last: Agent;
  static answers = 200;
  registers = 0;
  registered = false;
  connected = false;
  stopped = false;
  password = "";
  private readonly hears = new Map<string, Hears>();
  constructor({ password, sockets }: { password: string; sockets: Socket[] }) {
    this.password = password;
    Agent.last = this;
    if (sockets[0])
      sockets[0].ondisconnect = () => {
        this.cut();
      };
  }
  on(what: string, hear: Hears) {
    this.hears.set(what, hear);
  }
  tell(what: string, event: unknown = {}) {
    this.hears.get(what)?.(event);
  }
  set(_: string, password: string) {
    this.password = password;
  }
  start() {
    this.connected = true;
    this.tell("connected");
    this.register();
  }
  stop() {
    this.stopped = true;
  }
  cut() {
    this.connected = this.registered = false;
    this.tell("disconnected");
  }
  isConnected() {
    return this.connected;
  }
  isRegistered() {
    return this.registered;
  }
  register() {
    this.registers += 1;
    this.registered = Agent.answers === 200;
    if (this.registered) this.tell("registered");
    else this.tell("registrationFailed", { response: { status_code: Agent.answers } });
  }
}

class Socket {
  disconnected = 0;
  ondisconnect: (error: boolean) => void = () => undefined;
  disconnect() {
    this.disconnected += 1;
  }
}

vi.mock("jssip", () => ({ UA: Agent, WebSocketInterface: Socket }));

const SECRET: PhoneSecret = {
  username: "op1",
  secret: "first",
  lasts_s: 900,
  websocket_url: "wss://pbx.test/ws",
  ice_servers: [],
  talks: [],
};

describe("the registration of the phone", () => {
  let told: string[];
  let answers: Awaited<ReturnType<Service["lend"]>>[];
  let asked: number;
  let registration: Registration;
  /** Time passes; the PBX asks every 10 s whether the phone is there. */
  const pass = async (seconds: number, { asks = true } = {}) => {
    for (let left = seconds; left > 0; left -= 10) {
      await vi.advanceTimersByTimeAsync(Math.min(left, 10) * 1000);
      if (asks) Agent.last.tell("newOptions");
    }
  };

  beforeEach(() => {
    vi.useFakeTimers({ now: 0 });
    vi.stubGlobal("window", { isSecureContext: true });
    Agent.answers = 200;
    told = [];
    answers = [];
    asked = 0;
    const lend = () => {
      asked += 1;
      return Promise.resolve(answers.shift() ?? SECRET);
    };
    registration = new Registration(
      { lend, talks: () => Promise.resolve([]) },
      {
        connection: (connection) => told.push(connection),
        ends: (at) => told.push(at === null ? "renewed" : `ends ${String(at / 1000)}`),
        rings: () => told.push("rings"),
        opened: () => told.push("opened"),
        cut: () => told.push("cut"),
        back: () => told.push("back"),
      },
    );
  });
  afterEach(() => {
    registration.close();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("renews its secret in time, and goes on asking when it is refused", async () => {
    await registration.start();
    answers = ["refused", "refused", { ...SECRET, secret: "second" }];
    await pass(599);
    expect([asked, Agent.last.password]).toEqual([1, "first"]);
    await pass(2);
    expect(told.slice(-1)).toEqual(["ends 900"]);
    await pass(4 + 10);
    expect([asked, Agent.last.password, told.at(-1)]).toEqual([4, "second", "renewed"]);
    expect(told).not.toContain("refused");
    await pass(600);
    expect(asked).toBe(5);
  });

  it("starts as soon as it is let, asking less and less often", async () => {
    answers = Array<"refused">(4).fill("refused");
    const started = registration.start();
    await pass(5 + 10 + 19);
    expect([asked, told.at(-1)]).toEqual([3, "refused"]);
    await pass(1 + 40);
    await started;
    expect([asked, told.at(-1)]).toEqual([5, "registered"]);
  });

  it("does not start twice when somebody asks for it meanwhile", async () => {
    answers = ["refused"];
    void registration.start();
    await pass(1);
    await registration.start();
    await pass(100);
    expect([asked, told.filter((one) => one === "registered").length]).toEqual([2, 1]);
  });

  it("registers again at a PBX that was busy", async () => {
    Agent.answers = 503;
    await registration.start();
    expect(told.at(-1)).toBe("connecting");
    Agent.answers = 200;
    await pass(5);
    expect(told.at(-1)).toBe("registered");
  });

  it("is elsewhere once its secret was refused twice", async () => {
    await registration.start();
    Agent.answers = 401;
    Agent.last.register();
    expect(told.at(-1)).toBe("connecting");
    await pass(2);
    expect([told.at(-1), Agent.last.registers]).toEqual(["elsewhere", 3]);
    await pass(3600);
    expect(asked).toBe(1);
  });

  it("gets a new secret, and keeps its calls, when the old one was over", async () => {
    await registration.start();
    const agent = Agent.last;
    await pass(590);
    answers = Array<"refused">(9).fill("refused");
    await pass(311);
    Agent.answers = 401;
    agent.register();
    Agent.answers = 200;
    answers = ["away", { ...SECRET, secret: "second" }];
    await pass(120);
    expect([agent.password, agent.stopped, told.at(-1)]).toEqual(["second", false, "registered"]);
  });

  it("opens another websocket when nothing comes by the one it has", async () => {
    await registration.start();
    await pass(60);
    expect(told).not.toContain("cut");
    await pass(28, { asks: false });
    expect(told.slice(-2)).toEqual(["connecting", "cut"]);
    Agent.last.start();
    expect(told.slice(-2)).toEqual(["registered", "back"]);
  });

  it("registers again while the service says that the PBX does not reach it", async () => {
    await registration.start();
    registration.isReached(false);
    expect(Agent.last.registers).toBe(2);
    registration.isReached(true);
    await pass(10);
    expect(Agent.last.registers).toBe(2);
  });
});
