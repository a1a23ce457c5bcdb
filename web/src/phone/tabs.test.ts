import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { Command } from "./commands";
import { NO_PHONE, type PhoneState } from "./state";
import { Tabs } from "./tabs";

type Hold = () => Promise<void>;

/** The browser's locks: whoever asked first has it until they let go. */
class Locks {
  private readonly waiting: Hold[] = [];
  private held = false;
  request(_: string, options: { signal: AbortSignal }, hold: Hold): Promise<void> {
    return new Promise((resolve, reject) => {
      const take = async () => {
        await hold();
        this.held = false;
        resolve();
        void this.next();
      };
      this.waiting.push(take);
      options.signal.addEventListener("abort", () => {
        const at = this.waiting.indexOf(take);
        if (at < 0) return;
        this.waiting.splice(at, 1);
        reject(new DOMException("", "AbortError"));
      });
      void this.next();
    });
  }
  private async next(): Promise<void> {
    if (this.held) return;
    const take = this.waiting.shift();
    this.held = take !== undefined;
    await take?.();
  }
}

class Channel {
  static all: Channel[] = [];
  onmessage: ((event: { data: unknown }) => void) | null = null;
  constructor() {
    Channel.all.push(this);
  }
  postMessage(data: unknown) {
    for (const one of Channel.all) if (one !== this) one.onmessage?.({ data });
  }
  close() {
    Channel.all = Channel.all.filter((one) => one !== this);
  }
}

function tab() {
  const told: string[] = [];
  const state: PhoneState = { ...NO_PHONE, holder: "here" };
  const tabs = new Tabs("op1", {
    mine: () => told.push("mine"),
    state: () => state,
    followed: (followed: PhoneState) => told.push(`follows ${followed.holder}`),
    asked: (command: Command) => told.push(command.do),
  });
  return { tabs, told };
}

const turn = () => new Promise((resolve) => setTimeout(resolve));

describe("the tabs of a browser", () => {
  beforeEach(() => {
    vi.stubGlobal("BroadcastChannel", Channel);
    vi.stubGlobal("navigator", { locks: new Locks() });
    Channel.all = [];
  });
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it("have one phone: the first has it, the next follows and passes commands on", async () => {
    const first = tab();
    await turn();
    const second = tab();
    await turn();
    expect([first.told, second.told]).toEqual([["mine"], ["follows here"]]);
    second.tabs.ask({ do: "answer" });
    expect(first.told.at(-1)).toBe("answer");
    second.tabs.tell(NO_PHONE);
    expect(first.told.at(-1)).toBe("answer");
  });

  it("hand the phone on when the tab that has it goes", async () => {
    const first = tab();
    await turn();
    const second = tab();
    await turn();
    first.tabs.close();
    await turn();
    expect(second.told.at(-1)).toBe("mine");
  });

  it("do not get it once they are gone", async () => {
    const first = tab();
    const second = tab();
    await turn();
    second.tabs.close();
    first.tabs.close();
    await turn();
    expect(second.told).not.toContain("mine");
  });
});
